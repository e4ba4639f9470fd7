import { Injectable } from '@nestjs/common';
import type { HoldAnswer } from '@yidian/contracts';
import type { ErrorCode } from '@yidian/errors';
import { Ledger } from '@yidian/ledger';
import { fromDigits } from '@yidian/money';
import { RemoteCredits } from '../bss/orders/remote-credits';
import { RemoteTakebacks } from '../bss/orders/remote-takebacks';
import { BillingTerms } from '../policies/billing-terms';
import { cashOf } from '../ledger/accounts';
import { LowBalance } from '../subscribers/low-balance';
import { Doubts } from './doubts';
import { CreditsStore, type StoredCredit } from './credits.store';
import { holdAnswer, holdUndecided } from './hold.answers';
import { holdKey, holdPosting, type HoldItem } from './hold.posting';
import type { CreditOrigin } from './topup.posting';

@Injectable()
export class PlaceHolds {
  constructor(
    private readonly credits: CreditsStore,
    private readonly doubts: Doubts,
    private readonly ledger: Ledger,
    private readonly remote: RemoteCredits,
    private readonly takebacks: RemoteTakebacks,
    private readonly billing: BillingTerms,
    private readonly low: LowBalance,
  ) {}

  async execute(items: readonly HoldItem[]): Promise<HoldAnswer[]> {
    const credits = await this.credits.find(items.map((item) => item.paymentNo));
    return Promise.all(items.map((item) => this.carryOut(item, credits.get(item.paymentNo))));
  }

  private async carryOut(item: HoldItem, credit: StoredCredit | undefined): Promise<HoldAnswer> {
    // Whether the credit will come is not known: nothing may be stored against it. Give the credit up first (topups.void).
    if (!credit) return { key: item.key, outcome: 'not_found', replay: false };
    if (credit.outcome !== 'posted' || !credit.origin) return refused(item, 'state_conflict');
    try {
      const refusal = refuse(item, credit.origin);
      if (refusal) return refused(item, refusal);
      const order = credit.remote ? await this.remote.order(item.paymentNo) : undefined;
      if (order) {
        const { key: hold } = holdKey(item.key, item.paymentNo);
        return await this.takebacks.hold({ ...item, purpose: item.kind, holdKey: hold, actor: 'gateway' }, order);
      }
      const { origin, madeOf } = credit;
      const bills = await this.billing.of(origin.subscriberId);
      const answer = await this.ledger.hold(holdPosting(item, { origin, madeOf }, bills));
      const { subscriberId } = origin;
      const debit = { subscriberId, cause: answer.key, amount: fromDigits(item.amount), left: cashOf(answer.balances) };
      if (answer.outcome === 'posted' && !answer.replay) await this.low.after(debit);
      return holdAnswer(item.key, answer, 'held');
    } catch (error) {
      return holdUndecided(item.key, this.doubts.of(item.key, error));
    }
  }
}

/** Decided by what never changes, so the answer to the same key is the same without being stored. */
const refused = (item: HoldItem, reason: ErrorCode): HoldAnswer => ({
  key: item.key,
  outcome: 'rejected',
  reason,
  replay: false,
});

/** A reversal undoes the whole credit or nothing. */
function refuse(item: HoldItem, origin: CreditOrigin): ErrorCode | undefined {
  const amount = fromDigits(item.amount);
  if (amount <= 0n) return 'amount_below_minimum';
  return item.kind === 'reversal' && amount < fromDigits(origin.face) ? 'state_conflict' : undefined;
}
