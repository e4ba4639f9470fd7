/**
 * A number suspended for arrears is put back in service when it owes nothing any more: one `resumed` change per suspension,
 * whoever tells it first. A payment tells it at once; the sweep finds what a payment could not tell, and arrears that ended
 * otherwise. No amount moves here.
 */
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { TopupAnswer } from '@yidian/contracts';
import type { Logger } from '@yidian/telemetry';
import { LOGGER } from '../resources/logger';
import { Repeat } from '../resources/repeat';
import { ChangeSubscriber } from '../subscribers/change-subscriber';
import { ReactivationsStore, type PaidArrears } from './reactivations.store';

const SWEEP_MS = 5 * 60_000;
const BATCH = 200;

@Injectable()
export class Reactivations implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly paid = new Set<string>();
  private readonly told: Repeat;
  private readonly sweeps: Repeat;

  constructor(
    private readonly store: ReactivationsStore,
    private readonly changes: ChangeSubscriber,
    @Inject(LOGGER) logger: Logger,
  ) {
    const failed = (err: unknown) => logger.warn({ err }, 'numbers that paid wait for the next sweep');
    this.told = new Repeat(SWEEP_MS, () => this.tellPaid(), failed);
    this.sweeps = new Repeat(SWEEP_MS, () => this.sweep(), failed);
  }

  onApplicationBootstrap(): void {
    this.sweeps.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.told.stop(), this.sweeps.stop()]);
  }

  /** A credit of a number that was suspended for arrears when it was judged; its payer does not wait for this. */
  credited(subscriberId: string, { outcome, balanceAfter }: TopupAnswer): void {
    if (outcome !== 'credited' || balanceAfter === undefined || balanceAfter.startsWith('-')) return;
    this.paid.add(subscriberId);
    this.told.nudge();
  }

  async sweep(): Promise<void> {
    for (let after = ''; ;) {
      const page = await this.store.page(after, BATCH);
      for (const one of page) await this.resume(one);
      const last = page.at(-1);
      if (!last || page.length < BATCH) return;
      after = last.subscriberId;
    }
  }

  private async tellPaid(): Promise<void> {
    const ids = [...this.paid].slice(0, BATCH);
    if (ids.length === 0) return;
    for (const one of await this.store.of(ids)) await this.resume(one);
    for (const id of ids) this.paid.delete(id);
    if (this.paid.size > 0) this.told.nudge();
  }

  /** Keyed by the suspension: told twice it is one change. */
  private async resume({ subscriberId, msisdn, suspendedAt }: PaidArrears): Promise<void> {
    const key = `arrears/${subscriberId}/${suspendedAt?.getTime() ?? 'registered'}`;
    await this.changes.execute({ key, msisdn, kind: 'resumed', at: new Date(), source: 'payment' });
  }
}
