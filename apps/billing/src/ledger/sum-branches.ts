import { Injectable } from '@nestjs/common';
import type { BranchLedgerReply } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import { BranchesStore } from '../branches/branches.store';
import { branchAccount } from './accounts';
import { BranchSumsStore } from './branch-sums.store';

@Injectable()
export class SumBranches {
  constructor(
    private readonly branches: BranchesStore,
    private readonly sums: BranchSumsStore,
  ) {}

  /**
   * Both sides of S4 per branch: balances as the ledger keeps them, credits and reversals summed from the transfers, so
   * that credits − reversals = settled + receivable says something. Opening balances touch neither.
   */
  async execute(): Promise<BranchLedgerReply> {
    const codes = (await this.branches.all()).map((branch) => branch.code);
    const accounts = codes.flatMap((code) => [branchAccount(code, 'receivable'), branchAccount(code, 'settled')]);
    const { balance, debited, credited } = await this.sums.of(accounts);
    return {
      branches: codes.map((branch) => {
        const receivable = branchAccount(branch, 'receivable');
        const settled = branchAccount(branch, 'settled');
        return {
          branch,
          receivable: toDigits(-(balance.get(receivable) ?? 0n)),
          settled: toDigits(-(balance.get(settled) ?? 0n)),
          credits: toDigits(debited.get(receivable) ?? 0n),
          reversals: toDigits(credited.get(receivable) ?? 0n),
        };
      }),
    };
  }
}
