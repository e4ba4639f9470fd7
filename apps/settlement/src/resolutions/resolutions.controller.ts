import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { resolutionsPost, type ReplyOf } from '@yidian/contracts';
import { Door } from '../rpc/door';
import { PostResolutions } from './post-resolutions';

@Controller()
export class ResolutionsController {
  constructor(
    private readonly door: Door,
    private readonly postResolutions: PostResolutions,
  ) {}

  @MessagePattern('resolutions.post')
  post(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'resolutions.post'>> {
    return this.door.items(resolutionsPost, request, (items) => this.postResolutions.execute(items));
  }
}
