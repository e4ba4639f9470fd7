import { Injectable } from '@nestjs/common';
import { BreaksStore } from '../breaks/breaks.store';
import { CompareDay } from '../comparisons/compare-day';
import { hashOf } from '../matching/identity';
import { RunsStore } from '../matching/runs.store';
import { Peers } from '../peers';
import { again, done, failed, type StepOutcome, type StepRow, type StepWork } from './step-work';

const LONG_MS = 120_000;
const ASK_PEOPLE_AGAIN_MS = 5_000;

/**
 * Step `settle`: settlement settles every readable line of the run. By run id: asked twice it answers the same. What the
 * provider should have paid out by now is compared right after.
 */
@Injectable()
export class SettleDay implements StepWork {
  readonly name = 'settle';

  constructor(
    private readonly runs: RunsStore,
    private readonly breaks: BreaksStore,
    private readonly peers: Peers,
    private readonly compare: CompareDay,
  ) {}

  async run({ provider, date }: StepRow): Promise<StepOutcome> {
    const run = await this.runs.current(provider, date);
    if (!run) return failed('there is no run to settle');
    const undecided = await this.breaks.undecidedLines(provider, date);
    if (undecided > 0) return again(ASK_PEOPLE_AGAIN_MS, `${undecided} unreadable lines wait for people`);
    const { runId, digest } = run;
    const reply = await this.peers.settlement.call('provider_days.settle', { provider, date, runId, digest }, LONG_MS);
    return done(hashOf(reply.batchId, digest), await this.compare.execute(provider, date));
  }
}
