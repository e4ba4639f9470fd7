/**
 * Takes a credit back after an approved resolution, past the balance limit if need be: what was spent becomes arrears.
 * Of a closed number nothing can be had, its branch bears the loss. Never more in all than the payment credited.
 */
import { Injectable } from '@nestjs/common';
import type { creditsReverse, KeyAnswer } from '@yidian/contracts';
import type { PostingInput } from '@yidian/ledger';
import { Ledger } from '@yidian/ledger';
import { fromDigits } from '@yidian/money';
import type { z } from 'zod';
import { RemoteCredits } from '../bss/orders/remote-credits';
import { RemoteTakebacks } from '../bss/orders/remote-takebacks';
import { dayOfPayment } from '../calendar';
import { KnownProviders } from '../daybook/known-providers';
import { cashOf } from '../ledger/accounts';
import { LowBalance } from '../subscribers/low-balance';
import { SubscribersStore } from '../subscribers/subscribers.store';
import { BillingTerms, type BillsNow } from '../policies/billing-terms';
import { CreditsStore, type StoredCredit } from './credits.store';
import { Doubts } from './doubts';
import { takenBack, type TakenCredit } from './hold.posting';
import { keyAnswer, keyRefused, keyUndecided } from './key.answers';
import { takebackPlan } from './takeback.plan';

type ReverseItem = z.output<typeof creditsReverse>['items'][number];

@Injectable()
export class ReverseCredits {
  constructor(
    private readonly credits: CreditsStore,
    private readonly subscribers: SubscribersStore,
    private readonly providers: KnownProviders,
    private readonly doubts: Doubts,
    private readonly ledger: Ledger,
    private readonly remote: RemoteCredits,
    private readonly takebacks: RemoteTakebacks,
    private readonly billing: BillingTerms,
    private readonly low: LowBalance,
  ) {}

  async execute(items: readonly ReverseItem[]): Promise<KeyAnswer[]> {
    const credits = await this.credits.find(items.map((item) => item.paymentNo));
    await this.providers.meet([...credits.values()].flatMap(({ origin }) => (origin ? [origin.provider] : [])));
    return Promise.all(items.map((item) => this.carryOut(item, credits.get(item.paymentNo))));
  }

  private async carryOut(item: ReverseItem, credit: StoredCredit | undefined): Promise<KeyAnswer> {
    if (!credit) return keyRefused(item.key, 'not_found');
    const { outcome, origin, madeOf, remote } = credit;
    if (outcome !== 'posted' || !origin) return keyRefused(item.key, 'state_conflict');
    try {
      if (fromDigits(item.amount) <= 0n) return keyRefused(item.key, 'amount_below_minimum');
      const order = remote ? await this.remote.order(item.paymentNo) : undefined;
      if (order)
        return await this.takebacks.correct({ ...item, purpose: 'correction', holdKey: reversalKey(item) }, order);
      const home = (await this.subscribers.homes([origin.subscriberId])).get(origin.subscriberId);
      const gone = home?.status === 'closed' || home?.status === 'recycled';
      const posting = reversal(item, { origin, madeOf }, gone, home ? this.billing.billsOf(home) : null);
      const answer = await this.ledger.post(posting);
      const { subscriberId } = origin;
      const debit = { subscriberId, cause: answer.key, amount: fromDigits(item.amount), left: cashOf(answer.balances) };
      if (answer.outcome === 'posted' && !answer.replay) await this.low.after(debit);
      return keyAnswer(item.key, answer);
    } catch (error) {
      return keyUndecided(item.key, this.doubts.of(item.key, error));
    }
  }
}

const reversalKey = (item: ReverseItem): string => `reverse/${item.key}`;

function reversal(
  item: ReverseItem,
  { origin, madeOf }: TakenCredit,
  gone: boolean,
  bills: BillsNow | null,
): PostingInput {
  const { paymentNo, amount, currency } = item;
  const cause = reversalKey(item);
  const taken = { paymentNo, origin, madeOf, amount: fromDigits(amount), kind: 'reverse_credit', cause };
  const at = new Date();
  return {
    key: cause,
    keyDay: dayOfPayment(paymentNo),
    actor: item.actor,
    input: { paymentNo, amount, currency },
    currency,
    transfers: [],
    ...takebackPlan({ ...taken, mode: 'forced', gone, bills: gone ? null : bills }),
    facts: (outcome) => (outcome === 'posted' ? [takenBack(paymentNo, item.key, origin, taken.amount, at)] : []),
  };
}
