/**
 * The provider never had the money of a credit and nobody will pay it: the home branch bears it, Dr branch/<b>/loss
 * Cr branch/<b>/receivable. What headquarters bears is settled principal and comes by settled.post. The subscriber keeps the
 * credit. Never more of one payment than was credited, whatever the number of resolutions.
 */
import { Injectable } from '@nestjs/common';
import type { creditsWriteOff, KeyAnswer } from '@yidian/contracts';
import type { ErrorCode } from '@yidian/errors';
import type { PostingInput } from '@yidian/ledger';
import { Ledger } from '@yidian/ledger';
import { fromDigits } from '@yidian/money';
import type { z } from 'zod';
import { dayOfPayment } from '../calendar';
import { branchAccount, writtenAccount, writtenOpening } from '../ledger/accounts';
import { CreditsStore, type StoredCredit } from './credits.store';
import { Doubts } from './doubts';
import { keyAnswer, keyRefused, keyUndecided } from './key.answers';
import type { CreditOrigin } from './topup.posting';

type WriteOffItem = z.output<typeof creditsWriteOff>['items'][number];

@Injectable()
export class WriteOffCredits {
  constructor(
    private readonly credits: CreditsStore,
    private readonly doubts: Doubts,
    private readonly ledger: Ledger,
  ) {}

  async execute(items: readonly WriteOffItem[]): Promise<KeyAnswer[]> {
    const credits = await this.credits.find(items.map((item) => item.paymentNo));
    return Promise.all(items.map((item) => this.carryOut(item, credits.get(item.paymentNo))));
  }

  private async carryOut(item: WriteOffItem, credit: StoredCredit | undefined): Promise<KeyAnswer> {
    if (!credit) return keyRefused(item.key, 'not_found');
    if (credit.outcome !== 'posted' || !credit.origin) return keyRefused(item.key, 'state_conflict');
    try {
      return keyAnswer(item.key, await this.ledger.post(writeOff(item, credit.origin)));
    } catch (error) {
      return keyUndecided(item.key, this.doubts.of(item.key, error));
    }
  }
}

function writeOff({ key, paymentNo, amount, currency, actor }: WriteOffItem, origin: CreditOrigin): PostingInput {
  const account = (name: 'loss' | 'receivable' | 'refunds') => branchAccount(origin.branch, name);
  const leg = { amount: fromDigits(amount), refersTo: paymentNo };
  return {
    key: `write_off/${key}`,
    keyDay: dayOfPayment(paymentNo),
    actor,
    input: { paymentNo, amount, currency },
    currency,
    opens: [writtenOpening(paymentNo, fromDigits(origin.face))],
    transfers: [
      { ...leg, debit: account('loss'), credit: account('receivable'), kind: 'write_off' },
      {
        ...{ ...leg, debit: account('refunds'), credit: writtenAccount(paymentNo), kind: 'guard' },
        onCeiling: 'refund_exceeds_paid' satisfies ErrorCode,
      },
    ],
  };
}
