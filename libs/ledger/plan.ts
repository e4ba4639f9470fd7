import type { Row } from '@yidian/database';
import type { LaneTx, Statement } from '@yidian/journal';
import type { Notes, TransferInput } from './transfer';

/**
 * Some postings can only be decided when it is known what is left: a refund takes back of a gift what was not used yet, a
 * payment settles the bills that are open. Their plan runs inside the batch's transaction, under the locks of its accounts
 * and in arrival order. A batch that is run again decides again, from rows read again: a plan keeps nothing of its own.
 */
export interface Plan {
  /** Every account with a limit that a decision may name; all are locked. */
  accounts: readonly string[];
  /** Names of rows outside the ledger that the decision reads or moves; the service's Rider knows them. */
  rides?: readonly string[];
  decide(balanceOf: (account: string) => bigint, desk: Desk): Decision;
}

export interface Decision {
  transfers: readonly TransferInput[];
  /** Stored as the reason of a rejection, with no transfers. */
  reject?: string | undefined;
  notes?: Notes | undefined;
  /** Moves the desk's rows; called only when the posting is accepted, and then `balanceOf` tells what it has come to. */
  accepted?: () => void;
}

/** The rows that one batch rides with, as read under its locks; moved in memory, written once. */
export interface Desk {
  /** Called after every posting of the batch was decided. */
  write(tx: LaneTx): void;
}

/** A service's own rows that change in the same transaction as its postings, such as the bills a payment settles. */
export interface Rider {
  /** What the names ask for; read under the locks of the batch's accounts, in the packet that takes them. */
  reads(names: readonly string[]): Statement[];
  /** @param rows of those statements, in their order */
  desk(names: readonly string[], rows: readonly Row[][]): Desk;
}

export const EMPTY_DESK: Desk = { write: () => undefined };
