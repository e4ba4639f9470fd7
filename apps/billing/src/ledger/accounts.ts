import { NO_LIMIT, type AccountBalance, type AccountOpening } from '@yidian/ledger';

/** Shared accounts of a branch in the service ledger. */
export type BranchAccount =
  | 'receivable'
  | 'settled'
  | 'opening'
  | 'revenue'
  | 'promotion'
  | 'loss'
  | 'unclaimed'
  | 'refunds'
  /** A remote branch's own billing system: stands for all its subscribers. */
  | 'bss';

/** The subscriber's id, never the number: numbers are recycled. */
export const cashAccount = (subscriberId: string): string => `subscriber/${subscriberId}/cash`;

/** Of an answer's balances: the one that payers see. */
export function cashOf(balances: readonly AccountBalance[]): bigint | undefined {
  for (const { account, balance } of balances)
    if (account.startsWith('subscriber/') && account.endsWith('/cash')) return balance;
  return undefined;
}

/** Gifts, apart from cash: never refunded, never overdrawn. */
export const bonusAccount = (subscriberId: string): string => `subscriber/${subscriberId}/bonus`;

export const branchAccount = (branch: string, account: BranchAccount): string => `branch/${branch}/${account}`;

/** Counts what was taken back of one payment; its ceiling is what was credited. */
export const guardAccount = (paymentNo: string): string => `guard/${paymentNo}`;

/** Counts what was written off of one payment. */
export const writtenAccount = (paymentNo: string): string => `guard/${paymentNo}/written`;

/** Cash may not be overdrawn by usage, holds, reversals and refunds; forced transfers may pass the floor. */
export const cashOpening = (subscriberId: string): AccountOpening => ({
  id: cashAccount(subscriberId),
  kind: 'cash',
  floor: 0n,
  ceiling: NO_LIMIT,
});

export const bonusOpening = (subscriberId: string): AccountOpening => ({
  id: bonusAccount(subscriberId),
  kind: 'bonus',
  floor: 0n,
  ceiling: NO_LIMIT,
});

export const guardOpening = (paymentNo: string, credited: bigint): AccountOpening => ({
  id: guardAccount(paymentNo),
  kind: 'guard',
  floor: 0n,
  ceiling: credited,
});

export const writtenOpening = (paymentNo: string, credited: bigint): AccountOpening => ({
  ...guardOpening(paymentNo, credited),
  id: writtenAccount(paymentNo),
});
