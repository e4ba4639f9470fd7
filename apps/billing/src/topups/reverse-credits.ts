/**
 * Takes a credit back after an approved resolution, past the balance limit if need be: what was spent becomes arrears.
 * Of a closed number nothing can be had, its branch bears the loss. Never more in all than the payment credited.
 */
import { Injectable } from '@nestjs/common';
import type { creditsReverse, KeyAnswer } from '@yidian/contracts';
import type { ErrorCode } from '@yidian/errors';
import type { PostingInput } from '@yidian/ledger';
import { Ledger } from '@yidian/ledger';
import { fromDigits } from '@yidian/money';
import type { z } from 'zod';
import { RemoteCredits } from '../bss/orders/remote-credits';
import { RemoteTakebacks } from '../bss/orders/remote-takebacks';
import { dayOfPayment } from '../calendar';
import { KnownProviders } from '../daybook/known-providers';
import { branchAccount, cashAccount, cashOpening, guardOpening } from '../ledger/accounts';
import { SubscribersStore } from '../subscribers/subscribers.store';
import { Doubts } from './doubts';
import { CreditsStore, type StoredCredit } from './credits.store';
import { guardTransfer, takenBack } from './hold.posting';
import { keyAnswer, keyUndecided } from './key.answers';
import type { CreditOrigin } from './topup.posting';

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
  ) {}

  async execute(items: readonly ReverseItem[]): Promise<KeyAnswer[]> {
    const credits = await this.credits.find(items.map((item) => item.paymentNo));
    await this.providers.meet([...credits.values()].flatMap(({ origin }) => (origin ? [origin.provider] : [])));
    return Promise.all(items.map((item) => this.carryOut(item, credits.get(item.paymentNo))));
  }

  private async carryOut(item: ReverseItem, credit: StoredCredit | undefined): Promise<KeyAnswer> {
    if (!credit) return refused(item, 'not_found');
    const { outcome, origin } = credit;
    if (outcome !== 'posted' || !origin) return refused(item, 'state_conflict');
    try {
      if (fromDigits(item.amount) <= 0n) return refused(item, 'amount_below_minimum');
      const order = await this.remote.order(item.paymentNo);
      if (order)
        return await this.takebacks.correct({ ...item, purpose: 'correction', holdKey: reversalKey(item) }, order);
      const status = (await this.subscribers.homes([origin.subscriberId])).get(origin.subscriberId)?.status;
      return keyAnswer(
        item.key,
        await this.ledger.post(reversal(item, origin, status === 'closed' || status === 'recycled')),
      );
    } catch (error) {
      return keyUndecided(item.key, this.doubts.of(item.key, error));
    }
  }
}

const refused = (item: ReverseItem, reason: ErrorCode): KeyAnswer => ({
  key: item.key,
  outcome: 'rejected',
  reason,
  replay: false,
});

const reversalKey = (item: ReverseItem): string => `reverse/${item.key}`;

function reversal(item: ReverseItem, origin: CreditOrigin, closed: boolean): PostingInput {
  const amount = fromDigits(item.amount);
  const at = new Date();
  return {
    key: reversalKey(item),
    keyDay: dayOfPayment(item.paymentNo),
    actor: item.actor,
    input: { paymentNo: item.paymentNo, amount: item.amount, currency: item.currency },
    currency: item.currency,
    opens: [cashOpening(origin.subscriberId), guardOpening(item.paymentNo, fromDigits(origin.face))],
    transfers: [
      {
        debit: closed ? branchAccount(origin.branch, 'loss') : cashAccount(origin.subscriberId),
        credit: branchAccount(origin.branch, 'receivable'),
        amount,
        kind: 'reverse_credit',
        refersTo: item.paymentNo,
        forced: true,
      },
      guardTransfer(item.paymentNo, origin.branch, amount),
    ],
    facts: (outcome) => (outcome === 'posted' ? [takenBack(item.paymentNo, item.key, origin, amount, at)] : []),
  };
}
