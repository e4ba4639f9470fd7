import type { StatementLine } from '@yidian/connectors/contract';
import { createHash } from 'node:crypto';

/** What an entry on our own account turned out to be. `payout_unknown` in reports: nobody has explained it yet. */
export type Meaning =
  /** A provider paid its days out. */
  | 'provider_payout'
  /** … and took one back. */
  | 'payout_back'
  /** A collecting partner remitted. */
  | 'remittance'
  /** A partner paid in before it collects. */
  | 'deposit'
  /** Our own payout was booked. */
  | 'payout'
  /** Our own payout came back. */
  | 'payout_returned';

export interface BankEntry {
  entryId: string;
  /** Code of our account. */
  account: string;
  /** YYYY-MM-DD in Asia/Shanghai. */
  valueDay: string;
  /** + came in, − went out. */
  amount: bigint;
  /** Our payout or file number as the bank repeats it; any other reference otherwise. */
  ourRef: string;
  bankRef: string;
  counterparty: string;
  note: string;
  /** The bank says that it undoes an earlier booking. */
  returned: boolean;
  state: 'open' | 'proposed' | 'booked';
  meaning: Meaning | '';
  party: string;
  provider: string;
  batchId: string;
  proposedBy: string;
  decidedBy: string;
  fileSha256: string;
}

/** Told apart by the bank's own reference; a bank that gives none is taken by the entry's content and its place among equals. */
export function entryIdOf(account: string, line: StatementLine, sameBefore: number): string {
  if (line.providerTxnId !== '') return `${account}/${line.providerTxnId}`.slice(0, 100);
  const content = createHash('sha256').update(line.raw).digest('hex').slice(0, 32);
  return `${account}/~${content}/${sameBefore}`;
}
