import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { principalMove, resolutionsPost, suspenseOffset, type ReplyOf } from '@yidian/contracts';
import { Door } from '../rpc/door';
import { MovePrincipal } from './move-principal';
import { OffsetItems } from './offset-items';
import { PostResolutions } from './post-resolutions';

@Controller()
export class ResolutionsController {
  constructor(
    private readonly door: Door,
    private readonly postResolutions: PostResolutions,
    private readonly movePrincipal: MovePrincipal,
    private readonly offsetItems: OffsetItems,
  ) {}

  @MessagePattern('resolutions.post')
  post(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'resolutions.post'>> {
    return this.door.items(resolutionsPost, request, (items) => this.postResolutions.execute(items));
  }

  @MessagePattern('principal.move')
  move(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'principal.move'>> {
    return this.door.answer(principalMove, request, (move) => this.movePrincipal.move(move));
  }

  @MessagePattern('suspense.offset')
  offset(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'suspense.offset'>> {
    return this.door.answer(suspenseOffset, request, (given) => this.offsetItems.execute(given));
  }
}
