import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { NumbersCompared } from '@yidian/contracts';
import type { Logger } from '@yidian/telemetry';
import { LOGGER } from '../alarms/raise-alarm';
import { BreaksStore } from '../breaks/breaks.store';
import { FindingsStore } from '../breaks/findings.store';
import { shanghaiDay } from '../breaks/watch-breaks.job';
import { Peers } from '../peers';
import { CONFIG, type ReconciliationConfig } from '../reconciliation.config';
import { Repeat } from '../repeat';
import { provinceOf } from './credit-findings';
import { numberBreakId, numberFindings } from './number-findings';
import { NumberSweepsStore, type NumberSweep } from './number-sweeps.store';

const EVERY_MS = 300_000;
/** Numbers of one question, and questions of one turn: a province is asked for minutes, not for hours on end. */
const PAGE = 100;
const PAGES_A_TURN = 20;
const ANSWER_MS = 60_000;

/**
 * Every number of a branch with its own billing system is compared with its province, whether anybody paid for it or not: so
 * many a night, in the order of the numbers, round after round. Each page is written with its place, so a round that is cut
 * anywhere goes on where it was; one that is over begins again the next night.
 */
@Injectable()
export class SweepNumbersJob implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly repeat: Repeat;

  constructor(
    private readonly sweeps: NumberSweepsStore,
    private readonly breaks: BreaksStore,
    private readonly findings: FindingsStore,
    private readonly peers: Peers,
    @Inject(CONFIG) private readonly config: ReconciliationConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.repeat = new Repeat('number sweeps', EVERY_MS, () => this.execute(new Date()), logger);
  }

  /** One province that does not answer leaves its neighbours alone. */
  async execute(now: Date): Promise<void> {
    const today = shanghaiDay(now);
    const { branches } = await this.peers.billing.call('bss.branches', {});
    for (const branch of branches)
      await this.branch(branch, today).catch((err: unknown) =>
        this.logger.warn({ err, branch }, 'a sweep over numbers waits for its next turn'),
      );
  }

  private async branch(branch: string, today: string): Promise<void> {
    for (let pages = 0; pages < PAGES_A_TURN; pages++) {
      const sweep = await this.sweeps.of(branch, today);
      const done = sweep.night === today ? sweep.askedTonight : 0;
      const limit = Math.min(PAGE, this.config.NUMBERS_A_NIGHT - done);
      const isWhole = sweep.wholeOn === today && sweep.after === '';
      if (limit <= 0 || isWhole) return;
      const page = await this.ask(sweep, today, limit);
      if (page.unanswered.length > 0 && page.unanswered.length === page.asked) return;
      await this.write(sweep, page, today, done);
    }
  }

  private ask({ branch, after }: NumberSweep, date: string, limit: number): Promise<NumbersCompared> {
    return this.peers.billing.call('bss.compare_numbers', { branch, date, after, limit, every: true }, ANSWER_MS);
  }

  private async write(sweep: NumberSweep, page: NumbersCompared, today: string, done: number): Promise<void> {
    const { branch } = sweep;
    const scope = { provider: provinceOf(branch), date: today, kind: 'number' } as const;
    const said = [...page.same, ...page.differences.map(({ subscriberId }) => subscriberId)];
    const judged = new Set(said.map((subscriberId) => numberBreakId(branch, subscriberId)));
    await this.breaks.transaction(async (tx) => {
      if (!(await this.sweeps.move(tx, sweep, after(sweep, page, today, done)))) return;
      await this.findings.stand(tx, scope, numberFindings(branch, page.differences), judged);
    });
  }

  onApplicationBootstrap(): void {
    this.repeat.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.repeat.stop();
  }
}

/** A place further on; behind the last number the next round's first. */
function after(sweep: NumberSweep, page: NumbersCompared, today: string, done: number): NumberSweep {
  const asked = sweep.asked + page.asked;
  const tonight = { night: today, askedTonight: done + page.asked };
  if (page.next === null)
    return {
      ...{ ...sweep, ...tonight, round: sweep.round + 1, after: '', beganOn: today },
      ...{ asked: 0, unanswered: 0, different: 0, wholeOn: today, wholeAsked: asked },
    };
  const unanswered = sweep.unanswered + page.unanswered.length;
  const different = sweep.different + page.differences.length;
  return { ...sweep, ...tonight, after: page.next, asked, unanswered, different };
}
