/**
 * Principal that headquarters settled with a branch moves from what it is owed to what it was paid (Rule B), once per key.
 * Positive: Dr settled Cr receivable; negative, principal taken back: the mirror image. Zero moves nothing (Rule D).
 */
import { Injectable } from '@nestjs/common';
import type { KeyAnswer, settledPost } from '@yidian/contracts';
import type { PostingInput } from '@yidian/ledger';
import { Ledger } from '@yidian/ledger';
import { fromDigits } from '@yidian/money';
import type { z } from 'zod';
import { BranchesStore } from '../branches/branches.store';
import { branchAccount } from '../ledger/accounts';
import { Doubts } from './doubts';
import { keyAnswer, keyUndecided } from './key.answers';

type SettledItem = z.output<typeof settledPost>['items'][number];

@Injectable()
export class PostSettled {
  constructor(
    private readonly branches: BranchesStore,
    private readonly doubts: Doubts,
    private readonly ledger: Ledger,
  ) {}

  async execute(items: readonly SettledItem[]): Promise<KeyAnswer[]> {
    const known = new Set((await this.branches.all()).map((branch) => branch.code));
    return Promise.all(items.map((item) => this.carryOut(item, known)));
  }

  private async carryOut(item: SettledItem, known: ReadonlySet<string>): Promise<KeyAnswer> {
    if (!known.has(item.branch)) return { key: item.key, outcome: 'rejected', reason: 'not_found', replay: false };
    try {
      if (fromDigits(item.amount) === 0n) return { key: item.key, outcome: 'posted', replay: false };
      return keyAnswer(item.key, await this.ledger.post(settledPosting(item)));
    } catch (error) {
      return keyUndecided(item.key, this.doubts.of(item.key, error));
    }
  }
}

function settledPosting({ key, branch, provider, date, amount, currency }: SettledItem): PostingInput {
  const signed: bigint = fromDigits(amount);
  const settled = branchAccount(branch, 'settled');
  const receivable = branchAccount(branch, 'receivable');
  return {
    key: `settled/${key}`,
    keyDay: date,
    actor: 'settlement',
    input: { branch, provider, date, amount, currency },
    currency,
    transfers: [
      signed > 0n
        ? { debit: settled, credit: receivable, amount: signed, kind: 'principal' }
        : { debit: receivable, credit: settled, amount: -signed, kind: 'principal' },
    ],
  };
}
