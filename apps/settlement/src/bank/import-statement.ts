import { Inject, Injectable } from '@nestjs/common';
import { UnreadableFile, type StatementLine } from '@yidian/connectors/contract';
import { CAMT_FORMATS } from '@yidian/connectors/iso20022/camt-format';
import type { Db } from '@yidian/database';
import { Problem } from '@yidian/errors';
import { createHash } from 'node:crypto';
import { shanghaiDate } from '../calendar/working-days';
import { Treasury } from '../payouts/treasury';
import { DB } from '../resources/tokens';
import { entryIdOf, type BankEntry } from './bank-entry';
import { BankStore } from './bank.store';
import { BookEntry } from './book-entry';
import { entryTexts } from './entry-texts';

const PAGE = 500;
const MOST_OPEN = 10_000;

export interface ImportedStatement {
  sha256: string;
  entries: number;
  added: number;
  /** Known entries that now say another sum: the bank's mistake or a forged file. */
  conflicting: string[];
  findings: string[];
  /** Every entry was read and the file's own totals agree. */
  agrees: boolean;
  booked: number;
  /** Entries nobody explains, of this and earlier files. */
  unexplained: number;
}

/**
 * An account statement of ours (camt.053). Each booked entry is stored once, then booked as what it is; the same file again
 * changes nothing. What cannot be read is told and kept out, the rest counts.
 */
@Injectable()
export class ImportStatement {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly store: BankStore,
    private readonly bookEntry: BookEntry,
    private readonly treasury: Treasury,
  ) {}

  /** @throws Problem not_found (account), field_invalid (no such statement, or another account's) */
  async execute(account: string, content: Buffer): Promise<ImportedStatement> {
    const own = this.treasury.account(account);
    if (!content.includes(own.account))
      throw new Problem('field_invalid', { detail: 'content: the statement does not name this account' });
    const sha256 = createHash('sha256').update(content).digest('hex');
    const { lines, findings, agrees } = await readCamt(content);
    const entries = entriesOf(account, lines, sha256);
    const taken = { added: 0, conflicting: [] as string[] };
    for (let at = 0; at < entries.length; at += PAGE) {
      const page = await this.db.transaction((tx) => this.store.add(tx, entries.slice(at, at + PAGE)));
      taken.added += page.added;
      taken.conflicting.push(...page.conflicting);
    }
    const booked = await this.bookOpen();
    const unexplained = await this.store.countUnexplained();
    return { sha256, entries: entries.length, ...taken, findings, agrees, booked, unexplained };
  }

  /** Debits before credits of a day: a payout is booked before it can come back. */
  async bookOpen(): Promise<number> {
    let booked = 0;
    for (const { entryId } of await this.store.open(MOST_OPEN)) if (await this.bookEntry.execute(entryId)) booked += 1;
    return booked;
  }
}

async function readCamt(content: Buffer): Promise<{ lines: StatementLine[]; findings: string[]; agrees: boolean }> {
  const origin = { fileName: '' };
  const format = CAMT_FORMATS.find(
    (one) => one.name === 'camt.053' && one.recognises(content.subarray(0, 65_536), origin),
  );
  if (!format) throw new Problem('field_invalid', { detail: 'content: no account statement (camt.053)' });
  const lines: StatementLine[] = [];
  const findings: string[] = [];
  const sink = {
    line: (line: StatementLine) => void lines.push(line),
    finding: ({ reason }: { reason: string }) => void findings.push(reason),
  };
  try {
    const totals = await format.read(once(content), sink, origin);
    return { lines, findings, agrees: totals.agrees };
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new Problem('field_invalid', { detail: 'content: the statement cannot be read' });
  }
}

/** Only what is booked, and only in our currency: anything else is no money of ours yet. */
function entriesOf(account: string, lines: readonly StatementLine[], fileSha256: string): BankEntry[] {
  const seen = new Map<string, number>();
  return lines
    .filter((line) => line.state === 'SUCCESS' && line.currency === 'CNY' && line.amount - line.fee !== 0n)
    .map((line) => {
      const equals = seen.get(line.raw) ?? 0;
      seen.set(line.raw, equals + 1);
      return {
        entryId: entryIdOf(account, line, equals),
        account,
        valueDay: shanghaiDate(line.occurredAt),
        amount: line.amount - line.fee,
        ourRef: line.ourNumber.slice(0, 64),
        bankRef: line.providerTxnId.slice(0, 64),
        ...entryTexts(line.raw),
        returned: line.kind === 'RETURN',
        ...{ state: 'open', meaning: '', party: '', provider: '', batchId: '', proposedBy: '', decidedBy: '' },
        fileSha256,
      };
    });
}

async function* once(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}
