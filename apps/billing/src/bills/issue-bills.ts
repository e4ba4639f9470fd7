/**
 * A bill of a postpaid number: Dr subscriber/<id>/cash Cr branch/<b>/revenue, forced past the limit, once per bill
 * number; its row, and whatever of earlier payments is free for it, commit with it. What is open of all bills is what the
 * number owes.
 */
import { Injectable } from '@nestjs/common';
import type { billsIssue, KeyAnswer } from '@yidian/contracts';
import type { ErrorCode } from '@yidian/errors';
import type { PostingInput } from '@yidian/ledger';
import { Ledger } from '@yidian/ledger';
import { fromDigits } from '@yidian/money';
import type { z } from 'zod';
import { billingDesk, rides } from '../desk/billing-desk';
import { branchAccount, cashAccount, cashOf, cashOpening } from '../ledger/accounts';
import { BillingTerms, type BillsNow } from '../policies/billing-terms';
import { LowBalance } from '../subscribers/low-balance';
import { SubscribersStore, type HomeRow } from '../subscribers/subscribers.store';
import { Doubts } from '../topups/doubts';
import { keyAnswer, keyRefused, keyUndecided } from '../topups/key.answers';

type BillItem = z.output<typeof billsIssue>['items'][number];

@Injectable()
export class IssueBills {
  constructor(
    private readonly subscribers: SubscribersStore,
    private readonly billing: BillingTerms,
    private readonly doubts: Doubts,
    private readonly ledger: Ledger,
    private readonly low: LowBalance,
  ) {}

  async execute(items: readonly BillItem[]): Promise<KeyAnswer[]> {
    const homes = await this.subscribers.homes([...new Set(items.map((item) => item.subscriberId))]);
    return Promise.all(items.map((item) => this.carryOut(item, homes.get(item.subscriberId))));
  }

  private async carryOut(item: BillItem, home: HomeRow | undefined): Promise<KeyAnswer> {
    if (!home) return keyRefused(item.key, 'number_unknown');
    const refusal = refuse(item, home);
    if (refusal) return keyRefused(item.key, refusal);
    try {
      const answer = await this.ledger.post(billPosting(item, this.billing.run(home.branch)));
      const { subscriberId } = item;
      const debit = { subscriberId, cause: answer.key, amount: fromDigits(item.amount), left: cashOf(answer.balances) };
      if (answer.outcome === 'posted' && !answer.replay) await this.low.after(debit);
      return keyAnswer(item.key, answer);
    } catch (error) {
      return keyUndecided(item.key, this.doubts.of(item.key, error));
    }
  }
}

/** A number that has gone may still be billed a last time. */
function refuse(item: BillItem, home: HomeRow): ErrorCode | null {
  if (home.branch !== item.branch) return 'number_owner_changed';
  return home.plan === 'postpaid' ? null : 'state_conflict';
}

function billPosting(item: BillItem, run: BillsNow): PostingInput {
  const { key, subscriberId, branch, period, amount, currency, dueOn, actor } = item;
  const cash = cashAccount(subscriberId);
  const cause = `bill/${key}`;
  const billed: bigint = fromDigits(amount);
  const leg = { debit: cash, credit: branchAccount(branch, 'revenue'), amount: billed, kind: 'bill', forced: true };
  return {
    ...{ key: cause, keyDay: `${period}-01`, actor, currency },
    input: { subscriberId, branch, period, amount, currency, dueOn },
    opens: [cashOpening(subscriberId)],
    transfers: [],
    plan: {
      accounts: [cash],
      rides: [rides.bills(subscriberId)],
      decide: (balanceOf, desk) => ({
        transfers: [leg],
        accepted: () => {
          const bill = { billNo: key, branch, period, amount: billed, dueOn };
          billingDesk(desk)
            .bills(subscriberId)
            .issue(bill, { cause, branch, balance: balanceOf(cash), ...run });
        },
      }),
    },
  };
}
