import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { nightBackfill, nightBackfills, nightProgress, type ReplyOf } from '@yidian/contracts';
import { answer } from '../rpc/answer';
import { BackfillJob } from './backfill.job';
import { NightProgress } from './night-progress';

/** How far nights are, and ranges of them. */
@Controller()
export class ProgressController {
  constructor(
    private readonly progress: NightProgress,
    private readonly backfill: BackfillJob,
  ) {}

  @MessagePattern('night.progress')
  nightProgress(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'night.progress'>> {
    return answer(nightProgress, request, ({ from, to, provider }) => this.progress.execute(from, to, provider));
  }

  @MessagePattern('night.backfills')
  backfills(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'night.backfills'>> {
    return answer(nightBackfills, request, async ({ id }) => ({ backfill: await this.backfill.find(id) }));
  }

  @MessagePattern('night.backfill')
  beginBackfill(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'night.backfill'>> {
    return answer(nightBackfill, request, (wanted) => this.backfill.begin(wanted));
  }
}
