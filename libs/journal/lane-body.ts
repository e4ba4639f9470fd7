import type { Queryable, Row } from '@yidian/database';
import type { Bound } from './bound-rows';
import type { FactInput } from './fact';

export interface Statement {
  sql: string;
  params?: readonly unknown[];
  /** An INSERT that is known to the server, and where its rows lie on this connection. */
  bound?: Bound;
}

/** The lane's own connection inside its one open transaction. */
export interface LaneTx extends Queryable {
  readonly laneId: number;
  readonly batchNo: bigint;
  /** Own part of shared accounts. */
  readonly slot: number;
  /** The database's clock at the start of the batch. */
  readonly now: Date;
  /** Open business date of a provider, from the map that belongs to the epoch of this batch. Throws `UnknownProvider`. */
  bookDate(provider: string): string;
  /** Facts are numbered seq+1.. in this order and inserted before the lane moves on; they enter the batch hash. */
  addFacts(facts: readonly FactInput[]): void;
  /** An append-only row that the batch hash covers. Verification must be able to list it again (see HashSource). */
  hash(row: string): void;
  /** A write that may wait for the batch's last packet; matched rows are asserted when `expect` is given. */
  write(statement: Statement, expect?: number): void;
  /**
   * The same for new rows of one table; members are columns. What they hold now is what is written.
   * @param empty what an INSERT that does not name a column leaves there, null where nothing is said here: such a column is left
   * out when every row holds it
   * @param hex the column whose texts are the bytes to be stored, as hex digits
   */
  insert(table: string, rows: readonly object[], empty?: Readonly<Record<string, unknown>>, hex?: string): void;
  /** The same for rows that were not read: when another number matches, the batch was built on old rows and is run again. */
  writeIfUnmoved(statement: Statement, expect: number): void;
  /** How many keys of this batch the look-up found stored: after a duplicate key the next look-up must find more. */
  foundStored(count: number): void;
}

export interface LaneBody<I, R> {
  /** Reads that may ride in the packet that starts the transaction; their rows are handed to `apply` in this order. */
  reads?(items: readonly I[]): Statement[];
  /**
   * The whole batch in one transaction; answers in the order of the items. A function of items and database only: it is
   * run again on retry. An error that is no connection or lock error is taken for poison and splits the batch.
   */
  apply(tx: LaneTx, items: readonly I[], reads: readonly Row[][]): Promise<R[]>;
  /** Bytes an item adds to a batch; default 512. */
  sizeOf?(item: I): number;
}
