import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from '@yidian/telemetry';
import { CONFIG, type BillingConfig } from '../billing.config';
import { LOGGER } from '../resources/logger';
import { ChangeSubscriber } from './change-subscriber';
import { isGone } from './life-cycle';
import { SubscribersStore } from './subscribers.store';

/** A debit that is posted: what it took from a subscriber's cash, and what was left. */
export interface Debit {
  subscriberId: string;
  /** Key of the posting; its event is told once. */
  cause: string;
  amount: bigint;
  left: bigint | undefined;
}

/**
 * Tells that a balance that we keep ourselves has fallen below one of the sums people choose to be topped up at, as a
 * province's own system tells it of its numbers. A hint, after the posting and outside its transaction: whoever has not heard
 * it looks by clock all the same, and the debit stands whether or not it could be told.
 */
@Injectable()
export class LowBalance {
  constructor(
    private readonly change: ChangeSubscriber,
    private readonly subscribers: SubscribersStore,
    @Inject(CONFIG) private readonly config: BillingConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async after({ subscriberId, cause, amount, left }: Debit): Promise<void> {
    if (left === undefined || !crosses(this.config.LOW_BALANCE_FEN, left + amount, left)) return;
    try {
      const home = (await this.subscribers.homes([subscriberId])).get(subscriberId);
      if (!home || isGone(home.status)) return;
      await this.change.execute({
        ...{ key: `low/${cause}`.slice(0, 80), msisdn: home.msisdn, kind: 'low_balance', at: new Date() },
        ...{ source: 'ledger', balance: left },
      });
    } catch (err) {
      this.logger.warn({ err }, 'a low balance is found by clock');
    }
  }
}

/** Whether a balance that stood at a mark or above it stands below it now. */
export const crosses = (marks: readonly bigint[], before: bigint, after: bigint): boolean =>
  marks.some((mark) => before >= mark && after < mark);
