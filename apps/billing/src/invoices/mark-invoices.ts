/**
 * An invoice stands for a payment from its mark to its red one; meanwhile no hold is placed on the payment. Marks are decided
 * under the lock of the payment's guard, as holds are, so that none of the two overtakes the other. No amount moves here.
 */
import { Injectable } from '@nestjs/common';
import type { invoicesMark, KeyAnswer } from '@yidian/contracts';
import type { PostingInput } from '@yidian/ledger';
import { Ledger } from '@yidian/ledger';
import { fromDigits } from '@yidian/money';
import type { z } from 'zod';
import { dayOfPayment } from '../calendar';
import { billingDesk, rides } from '../desk/billing-desk';
import { guardAccount, guardOpening } from '../ledger/accounts';
import { CreditsStore, type StoredCredit } from '../topups/credits.store';
import { Doubts } from '../topups/doubts';
import { keyAnswer, keyRefused, keyUndecided } from '../topups/key.answers';

type MarkItem = z.output<typeof invoicesMark>['items'][number];

@Injectable()
export class MarkInvoices {
  constructor(
    private readonly credits: CreditsStore,
    private readonly doubts: Doubts,
    private readonly ledger: Ledger,
  ) {}

  async execute(items: readonly MarkItem[]): Promise<KeyAnswer[]> {
    const credits = await this.credits.find(items.map((item) => item.paymentNo));
    return Promise.all(items.map((item) => this.carryOut(item, credits.get(item.paymentNo))));
  }

  private async carryOut(item: MarkItem, credit: StoredCredit | undefined): Promise<KeyAnswer> {
    const foreign = item.branch !== undefined && credit?.origin?.branch !== item.branch;
    if (!credit?.origin || foreign) return keyRefused(item.key, 'not_found');
    if (credit.outcome !== 'posted') return keyRefused(item.key, 'state_conflict');
    try {
      return keyAnswer(item.key, await this.ledger.post(marking(item, fromDigits(credit.origin.face))));
    } catch (error) {
      return keyUndecided(item.key, this.doubts.of(item.key, error));
    }
  }
}

function marking({ key, paymentNo, action: kind, actor }: MarkItem, face: bigint): PostingInput {
  const guard = guardAccount(paymentNo);
  return {
    key: `invoice/${key}`,
    keyDay: dayOfPayment(paymentNo),
    actor,
    input: { paymentNo, action: kind },
    opens: [guardOpening(paymentNo, face)],
    transfers: [],
    plan: {
      accounts: [guard],
      rides: [rides.invoices(paymentNo)],
      decide: (balanceOf, desk) => {
        const file = billingDesk(desk).invoices(paymentNo);
        const fits = kind === 'mark' ? !file.stands() && balanceOf(guard) < face : file.stands();
        if (!fits) return { transfers: [], reject: 'state_conflict' };
        return { transfers: [], accepted: () => file.add({ kind, invoiceNo: key, actor }) };
      },
    },
  };
}
