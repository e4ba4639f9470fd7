import { Injectable } from '@nestjs/common';
import type { BranchLedgerReply } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import { BranchesStore } from '../branches/branches.store';
import { branchAccount } from './accounts';
import { CountReceivables } from './count-receivables';
import { PRINCIPAL, type KindSum } from './receivable-effects';
import { ITEMISED, ReceivablesStore } from './receivables.store';

@Injectable()
export class SumBranches {
  constructor(
    private readonly branches: BranchesStore,
    private readonly store: ReceivablesStore,
    private readonly count: CountReceivables,
  ) {}

  /**
   * Both sides of S4 per branch, as of one moment: balances as the ledger keeps them, credits and reversals summed from the
   * transfers, so that credits − reversals = settled + receivable says something. Opening balances touch neither.
   */
  async execute(): Promise<BranchLedgerReply> {
    const codes = (await this.branches.all()).map((branch) => branch.code);
    const accounts = codes.flatMap((code) => [branchAccount(code, 'receivable'), branchAccount(code, 'settled')]);
    const { balances, sums, uncounted } = await this.store.standing(accounts);
    const every = [...sums, ...(await this.count.sumsOf(uncounted))];
    return {
      branches: codes.map((branch) => {
        const own = every.filter((sum) => sum.branch === branch);
        const funded = own.filter(({ kind }) => kind !== PRINCIPAL && kind !== ITEMISED);
        const itemised = own.filter(({ kind }) => kind === ITEMISED);
        return {
          branch,
          receivable: toDigits(-(balances.get(branchAccount(branch, 'receivable')) ?? 0n)),
          settled: toDigits(-(balances.get(branchAccount(branch, 'settled')) ?? 0n)),
          credits: toDigits(total(funded, 'debited')),
          reversals: toDigits(total(funded, 'credited')),
          itemised: toDigits(total(itemised, 'credited') - total(itemised, 'debited')),
        };
      }),
    };
  }
}

const total = (sums: readonly KindSum[], side: 'debited' | 'credited'): bigint =>
  sums.reduce((sum, one) => sum + one[side], 0n);
