/**
 * When a branch's billing run is over, what was credited and billed meanwhile is put together: a posting without transfers per
 * subscriber, so that it happens under the same lock as every other move of its bills. Found by rows alone; doing it twice
 * does nothing the second time.
 */
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { PostingInput } from '@yidian/ledger';
import { Ledger } from '@yidian/ledger';
import type { Logger } from '@yidian/telemetry';
import { billingDesk, rides } from '../desk/billing-desk';
import { cashAccount, cashOpening } from '../ledger/accounts';
import { BillingTerms, type BillsNow } from '../policies/billing-terms';
import { LOGGER } from '../resources/logger';
import { Repeat } from '../resources/repeat';
import { BillsStore, type Waiting } from './bills.store';

const EVERY_MS = 60_000;
const BATCH = 100;

@Injectable()
export class SettleWaitingJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly repeat: Repeat;

  constructor(
    private readonly bills: BillsStore,
    private readonly billing: BillingTerms,
    private readonly ledger: Ledger,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.repeat = new Repeat(
      EVERY_MS,
      () => this.settle(),
      (err) => logger.warn({ err }, 'bills wait for the next round'),
    );
  }

  onApplicationBootstrap(): void {
    this.repeat.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.repeat.stop();
  }

  async settle(): Promise<void> {
    const over = (await this.bills.waitingBranches()).filter((branch) => !this.billing.run(branch).frozen);
    if (over.length === 0) return;
    for (let page = await this.bills.waiting(over, BATCH); page.length > 0;) {
      await Promise.all(page.map((one) => this.ledger.post(settling(one, this.billing.run(one.branch), new Date()))));
      if (page.length < BATCH) return;
      page = await this.bills.waiting(over, BATCH);
    }
  }
}

function settling({ subscriberId, branch }: Waiting, run: BillsNow, at: Date): PostingInput {
  const cash = cashAccount(subscriberId);
  const cause = `settle_bills/${subscriberId}/${at.getTime().toString(36)}`;
  return {
    ...{ key: cause, keyDay: run.day, actor: 'billing', input: { subscriberId, branch } },
    opens: [cashOpening(subscriberId)],
    transfers: [],
    plan: {
      accounts: [cash],
      rides: [rides.bills(subscriberId)],
      decide: (balanceOf, desk) => ({
        transfers: [],
        accepted: () =>
          billingDesk(desk)
            .bills(subscriberId)
            .settle({ cause, branch, balance: balanceOf(cash), ...run }),
      }),
    },
  };
}
