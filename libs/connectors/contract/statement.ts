/**
 * A provider's statement in our words. A file is read as a stream in flat memory; a line that cannot be read is a finding
 * with its raw bytes, the rest of the file goes on, and the file's own totals say how much was not read.
 */
export type StatementKind =
  | 'PAY'
  | 'REFUND'
  | 'REVERSAL'
  /** Taken back by the provider: charge-back, debit return. */
  | 'RETURN'
  /** Money that left our account at the provider towards our bank. */
  | 'PAYOUT'
  /** A charge that is no line's own fee. */
  | 'FEE'
  /** Money that the file does not explain further. */
  | 'OTHER';

export interface StatementLine {
  /** Line of the file, from 1; for files without lines the running number of the entry. */
  fileLine: number;
  /** Offset of the line's first byte; -1 where a file is unpacked or has no lines. */
  offset: number;
  /** The provider's own running number, else the count of lines so far. */
  n: number;
  kind: StatementKind;
  /** Attempt, refund or reversal number; the payment number where the partner collected; '' when the file has none. */
  ourNumber: string;
  providerTxnId: string;
  /** Of refunds and reversals: the order they undo, in the provider's words, or ours where it repeats ours. */
  origTxnId: string;
  /** Minor units, signed: what leaves us (refunds, reversals, returns, payouts, charges) is negative. */
  amount: bigint;
  /** Minor units; positive: charged to us. Parts of a fen are rounded half up, and `feeText` keeps what was written. */
  fee: bigint;
  feeText?: string;
  currency: string;
  occurredAt: Date;
  /** success: final; notice: says that something is under way (never updated); anything else the file said. */
  state: 'SUCCESS' | 'NOTICE';
  raw: string;
}

export interface StatementFinding {
  fileLine: number;
  offset: number;
  /** A short English sentence without values of the line. */
  reason: string;
  /** The bytes as they were. */
  raw: Buffer;
  /** Header, trailer, balance: no line that may have been money. */
  ofFile: boolean;
}

export interface StatementSums {
  lines: number;
  amount: bigint;
  fee: bigint;
}

export interface StatementTotals {
  /** What the file says of itself; empty texts where it says nothing. */
  header: { provider: string; date: string; currency: string } | null;
  /** From the trailer or summary, as far as it gives them; null when there is none that can be read. */
  declared: Partial<StatementSums> | null;
  read: StatementSums;
  /** Lines that could not be read. */
  unreadable: number;
  /** Declared − read, for the members that are declared; null without a trailer. */
  unread: Partial<StatementSums> | null;
  /** Every line was read and what was declared equals what was read. */
  agrees: boolean;
  bytes: number;
}

export interface StatementSink {
  line(line: StatementLine): void | Promise<void>;
  finding(finding: StatementFinding): void | Promise<void>;
}

/** Where a file comes from, as far as its name and address say. */
export interface StatementOrigin {
  fileName: string;
  /** Our code of the provider, and the date asked for, where known: a file of another one is a finding. */
  provider?: string;
  date?: string;
}

export interface StatementFormat {
  /** Short and stable, such as `YD1`, `camt.053`, `alipay-trade`. */
  readonly name: string;
  /** A whole file of this format always ends with its own totals: without them it is cut. */
  readonly closed?: boolean;
  /** Whether this may be such a file, from its name and first bytes (at least 4 KiB where the file has them). */
  recognises(head: Buffer, origin: StatementOrigin): boolean;
  /** @throws UnreadableFile when it is no such file at all */
  read(source: AsyncIterable<Uint8Array>, sink: StatementSink, origin: StatementOrigin): Promise<StatementTotals>;
}

/** Not a file of this format: nothing in it can be told apart. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}
