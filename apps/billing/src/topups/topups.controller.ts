import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { creditsPayees, isSurelyCredit, topupsByKey, topupsPost, topupsVoid, type ReplyOf } from '@yidian/contracts';
import { Frames } from '../rpc/frames';
import { PostTopups } from './post-topups';
import { QueryTopups } from './query-topups';
import { ReadPayees } from './read-payees';
import { VoidTopups } from './void-topups';

@Controller()
export class TopupsController {
  constructor(
    private readonly frames: Frames,
    private readonly postTopups: PostTopups,
    private readonly queryTopups: QueryTopups,
    private readonly readPayees: ReadPayees,
    private readonly voidTopups: VoidTopups,
  ) {}

  @MessagePattern('topups.post')
  post(@Payload() request: unknown): Promise<ReplyOf<'billing', 'topups.post'>> {
    return this.frames.items(topupsPost, request, (items) => this.postTopups.execute(items), isSurelyCredit);
  }

  @MessagePattern('topups.query')
  query(@Payload() request: unknown): Promise<ReplyOf<'billing', 'topups.query'>> {
    return this.frames.items(topupsByKey, request, (items) => this.queryTopups.execute(items));
  }

  @MessagePattern('credits.payees')
  payees(@Payload() request: unknown): Promise<ReplyOf<'billing', 'credits.payees'>> {
    return this.frames.items(creditsPayees, request, (items) => this.readPayees.execute(items));
  }

  @MessagePattern('topups.void')
  void(@Payload() request: unknown): Promise<ReplyOf<'billing', 'topups.void'>> {
    return this.frames.items(topupsVoid, request, (items) => this.voidTopups.execute(items));
  }
}
