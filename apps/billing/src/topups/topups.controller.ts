import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { topupsByKey, topupsPost, topupsVoid, type ReplyOf } from '@yidian/contracts';
import { Frames } from '../rpc/frames';
import { PostTopups } from './post-topups';
import { QueryTopups } from './query-topups';
import { VoidTopups } from './void-topups';

@Controller()
export class TopupsController {
  constructor(
    private readonly frames: Frames,
    private readonly postTopups: PostTopups,
    private readonly queryTopups: QueryTopups,
    private readonly voidTopups: VoidTopups,
  ) {}

  @MessagePattern('topups.post')
  post(@Payload() request: unknown): Promise<ReplyOf<'billing', 'topups.post'>> {
    return this.frames.items(topupsPost, request, (items) => this.postTopups.execute(items));
  }

  @MessagePattern('topups.query')
  query(@Payload() request: unknown): Promise<ReplyOf<'billing', 'topups.query'>> {
    return this.frames.items(topupsByKey, request, (items) => this.queryTopups.execute(items));
  }

  @MessagePattern('topups.void')
  void(@Payload() request: unknown): Promise<ReplyOf<'billing', 'topups.void'>> {
    return this.frames.items(topupsVoid, request, (items) => this.voidTopups.execute(items));
  }
}
