import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from '@yidian/telemetry';
import { LOGGER, RaiseAlarm } from '../alarms/raise-alarm';
import { shanghaiDay } from '../breaks/watch-breaks.job';
import { isPast } from '../close/watch-days.job';
import { addDays } from '../dates';
import { Peers } from '../peers';
import { CONFIG, type ReconciliationConfig } from '../reconciliation.config';
import { Repeat } from '../repeat';
import { provinceOf } from './credit-findings';
import { CreditRunsStore } from './credit-runs.store';
import { RunCredits } from './run-credits';

const EVERY_MS = 300_000;
/** A file that is so many days late is somebody's work by hand. */
const DAYS = 31;

/** Each province's file of yesterday, as soon as billing has it; what is wanted is a row. */
@Injectable()
export class CreditRunsJob implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly repeat: Repeat;

  constructor(
    private readonly runs: CreditRunsStore,
    private readonly run: RunCredits,
    private readonly peers: Peers,
    private readonly alarm: RaiseAlarm,
    @Inject(CONFIG) private readonly config: ReconciliationConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.repeat = new Repeat('credit runs', EVERY_MS, () => this.execute(new Date()), logger);
  }

  /** One province that does not answer leaves its neighbours alone. */
  async execute(now: Date): Promise<void> {
    const today = shanghaiDay(now);
    const { branches } = await this.peers.billing.call('bss.branches', {});
    for (const branch of branches) await this.runs.want(branch, addDays(today, -1));
    for (const { branch, date } of await this.runs.wanted(addDays(today, -DAYS))) {
      const there = await this.run.execute(branch, date).catch((err: unknown) => {
        this.logger.warn({ err, branch, date }, 'a credit run waits for its next turn');
        return null;
      });
      if (!there && isPast(date, this.config.DAY_DEADLINE, now)) await this.late(branch, date);
    }
  }

  private async late(branch: string, date: string): Promise<void> {
    await this.run.missing(branch, date);
    const provider = provinceOf(branch);
    const detail = `the credit file is not there by ${this.config.DAY_DEADLINE}: its credits are provisional`;
    await this.alarm.once(`credit_file_late ${branch} ${date}`, { kind: 'credit_file_late', provider, date, detail });
  }

  onApplicationBootstrap(): void {
    this.repeat.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.repeat.stop();
  }
}
