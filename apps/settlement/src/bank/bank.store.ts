import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../resources/tokens';
import type { BankEntry, Meaning } from './bank-entry';

const COLUMNS = [
  ...['entry_id', 'account', 'value_day', 'amount', 'our_ref', 'bank_ref', 'counterparty', 'note', 'returned', 'state'],
  ...['meaning', 'party', 'provider', 'batch_id', 'proposed_by', 'decided_by', 'file_sha256', 'imported_at'],
] as const;

interface EntryRow extends Row {
  entry_id: string;
  account: string;
  value_day: string;
  amount: bigint;
  our_ref: string;
  bank_ref: string;
  counterparty: string;
  note: string;
  returned: number;
  state: BankEntry['state'];
  meaning: BankEntry['meaning'];
  party: string;
  provider: string;
  batch_id: string;
  proposed_by: string;
  decided_by: string;
  file_sha256: string;
}

export interface Booking {
  meaning: Meaning;
  party: string;
  provider: string;
  batchId: string;
  by: string;
}

/** Entries of our own accounts. What the bank said is never changed; only what it means is added, once. */
@Injectable()
export class BankStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** @returns entries that were not known; the rest must be what is stored */
  async add(tx: Queryable, entries: readonly BankEntry[]): Promise<{ added: number; conflicting: string[] }> {
    if (entries.length === 0) return { added: 0, conflicting: [] };
    const ids = entries.map(({ entryId }) => entryId);
    const rows = await tx.select<EntryRow>('SELECT * FROM bank_entry WHERE entry_id IN (?) FOR UPDATE', [ids]);
    const known = new Map(rows.map((row) => [row.entry_id, row]));
    const conflicting = entries
      .filter(({ entryId, amount }) => known.has(entryId) && known.get(entryId)?.amount !== amount)
      .map(({ entryId }) => entryId);
    const fresh = entries.filter(({ entryId }) => !known.has(entryId));
    if (fresh.length > 0) await tx.run(`INSERT INTO bank_entry (${COLUMNS.join(', ')}) VALUES ?`, [fresh.map(toRow)]);
    return { added: fresh.length, conflicting };
  }

  async open(limit: number): Promise<BankEntry[]> {
    return this.list("state = 'open' ORDER BY value_day, amount > 0, entry_id LIMIT ?", [limit]);
  }

  /** What nobody has explained, oldest first, a page after the last one seen. */
  async unexplained(limit: number, after: { valueDay: string; entryId: string } | null): Promise<BankEntry[]> {
    const from = after ? 'AND (value_day, entry_id) > (?, ?)' : '';
    const seen = after ? [after.valueDay, after.entryId] : [];
    return this.list(`state <> 'booked' ${from} ORDER BY value_day, entry_id LIMIT ?`, [...seen, limit]);
  }

  async countUnexplained(): Promise<number> {
    const [row] = await this.db.select<{ n: bigint }>("SELECT COUNT(*) AS n FROM bank_entry WHERE state <> 'booked'");
    return Number(row?.n ?? 0n);
  }

  /** A provider's booked entries: + paid out to us. */
  async ofProvider(provider: string): Promise<BankEntry[]> {
    return this.list("provider = ? AND state = 'booked' ORDER BY value_day, entry_id", [provider]);
  }

  async lock(tx: Queryable, entryId: string): Promise<BankEntry | null> {
    const rows = await tx.select<EntryRow>('SELECT * FROM bank_entry WHERE entry_id = ? FOR UPDATE', [entryId]);
    return rows[0] ? fromRow(rows[0]) : null;
  }

  /** A person says what it is; another one has to agree. */
  async propose(tx: Queryable, entryId: string, means: Omit<Booking, 'batchId'>): Promise<void> {
    await tx.run(
      `UPDATE bank_entry SET state = 'proposed', meaning = ?, party = ?, provider = ?, proposed_by = ?
       WHERE entry_id = ? AND state = 'open'`,
      [means.meaning, means.party, means.provider, means.by, entryId],
    );
  }

  async reopen(tx: Queryable, entryId: string): Promise<void> {
    await tx.run(
      `UPDATE bank_entry SET state = 'open', meaning = '', party = '', provider = '', proposed_by = ''
       WHERE entry_id = ? AND state = 'proposed'`,
      [entryId],
    );
  }

  /** With the movement that books it, in its transaction; the entry must be held. */
  async book(tx: Queryable, entryId: string, booking: Booking): Promise<void> {
    const { meaning, party, provider, batchId, by } = booking;
    const booked = await tx.run(
      `UPDATE bank_entry SET state = 'booked', meaning = ?, party = ?, provider = ?, batch_id = ?, decided_by = ?
       WHERE entry_id = ? AND state <> 'booked'`,
      [meaning, party, provider, batchId, by, entryId],
    );
    if (booked !== 1) throw new Error(`bank entry ${entryId} was booked meanwhile`);
  }

  private async list(where: string, params: unknown[]): Promise<BankEntry[]> {
    return (await this.db.select<EntryRow>(`SELECT * FROM bank_entry WHERE ${where}`, params)).map(fromRow);
  }
}

const toRow = (entry: BankEntry): unknown[] => [
  ...[entry.entryId, entry.account, entry.valueDay, entry.amount, entry.ourRef, entry.bankRef, entry.counterparty],
  ...[entry.note, entry.returned ? 1 : 0, entry.state, entry.meaning, entry.party, entry.provider, entry.batchId],
  ...[entry.proposedBy, entry.decidedBy, entry.fileSha256, new Date()],
];

const fromRow = (row: EntryRow): BankEntry => ({
  entryId: row.entry_id,
  account: row.account,
  valueDay: row.value_day,
  amount: row.amount,
  ourRef: row.our_ref,
  bankRef: row.bank_ref,
  counterparty: row.counterparty,
  note: row.note,
  returned: row.returned === 1,
  state: row.state,
  meaning: row.meaning,
  party: row.party,
  provider: row.provider,
  batchId: row.batch_id,
  proposedBy: row.proposed_by,
  decidedBy: row.decided_by,
  fileSha256: row.file_sha256,
});
