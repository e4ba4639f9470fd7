import { Inject, Injectable } from '@nestjs/common';
import type { Db, Row } from '@yidian/database';
import { DB } from '../reconciliation.config';
import type { NamedKind, NamedLine, UnreadableLine } from './statement';
import type { StatementFile } from './statements.store';
import type { LineChange } from './version-difference';

type Place = Pick<StatementFile, 'provider' | 'date' | 'version'>;
type Table = 'statement_item' | 'statement_quarantine' | 'statement_change';

/** A file whose every line names its fee on a line of its own has too many of them for rows: their sums are kept whole. */
export const MOST_FEE_ROWS = 100_000;
/** Lines of a difference that are kept one by one. */
export const MOST_CHANGES = 10_000;

const BATCH = 500;
const TEXT = 4_000;

/** Lines that stand for themselves, as a row has them; `n` counts them in the order of the file. */
export interface ItemRow extends NamedLine {
  provider: string;
  date: string;
  version: number;
  n: number;
}

/**
 * What is kept of a statement line by line: named items, quarantined bytes, changes against the version before. All of it
 * is derived from the archived file: reading it again writes the same rows.
 */
@Injectable()
export class StatementRowsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Begins the rows of one version anew. */
  async begin(place: Place): Promise<{ items: RowWriter<NamedLine>; quarantine: RowWriter<UnreadableLine> }> {
    await this.clear('statement_item', place);
    await this.clear('statement_quarantine', place);
    return {
      items: new RowWriter((rows) => this.insert('statement_item', ITEM, place, rows), itemRow),
      quarantine: new RowWriter((rows) => this.insert('statement_quarantine', QUARANTINE, place, rows), quarantineRow),
    };
  }

  async changes(place: Place, changes: readonly LineChange[]): Promise<void> {
    await this.clear('statement_change', place);
    const writer = new RowWriter<LineChange>((rows) => this.insert('statement_change', CHANGE, place, rows), changeRow);
    for (const change of changes) await writer.add(change);
    await writer.end();
  }

  async items(place: Place, after: number, limit: number, kind?: NamedKind): Promise<ItemRow[]> {
    const rows = await this.db.select(
      `SELECT * FROM statement_item WHERE provider = ? AND date = ? AND version = ? AND n > ?
       ${kind === undefined ? '' : 'AND kind = ?'} ORDER BY n LIMIT ?`,
      [place.provider, place.date, place.version, after, ...(kind === undefined ? [] : [kind]), limit],
    );
    return rows.map(toItem);
  }

  async quarantined(place: Place): Promise<{ line: number; reason: string; raw: Buffer }[]> {
    return this.db.select(
      `SELECT line, reason, raw FROM statement_quarantine
       WHERE provider = ? AND date = ? AND version = ? ORDER BY n`,
      [place.provider, place.date, place.version],
    );
  }

  changed(place: Place): Promise<Row[]> {
    return this.db.select('SELECT * FROM statement_change WHERE provider = ? AND date = ? AND version = ? ORDER BY n', [
      place.provider,
      place.date,
      place.version,
    ]);
  }

  private async clear(table: Table, { provider, date, version }: Place): Promise<void> {
    await this.db.run(`DELETE FROM ${table} WHERE provider = ? AND date = ? AND version = ?`, [
      provider,
      date,
      version,
    ]);
  }

  private async insert(table: Table, columns: string, place: Place, rows: readonly unknown[][]): Promise<void> {
    const { provider, date, version } = place;
    await this.db.run(`INSERT INTO ${table} (provider, date, version, n, ${columns}) VALUES ?`, [
      rows.map((row) => [provider, date, version, ...row]),
    ]);
  }
}

/** Gathers rows into batches; numbers them in the order they come. */
export class RowWriter<T> {
  private rows: unknown[][] = [];
  private n = 0;

  constructor(
    private readonly write: (rows: unknown[][]) => Promise<void>,
    private readonly columns: (value: T) => unknown[],
  ) {}

  add(value: T): void | Promise<void> {
    this.rows.push([++this.n, ...this.columns(value)]);
    if (this.rows.length >= BATCH) return this.end();
  }

  async end(): Promise<void> {
    const { rows } = this;
    this.rows = [];
    if (rows.length > 0) await this.write(rows);
  }
}

const ITEM = `kind, line, file_offset, our_ref, provider_txn_id, orig_txn_id, amount, fee, currency, state, occurred_at, raw`;
const QUARANTINE = 'line, file_offset, reason, raw';
const CHANGE = `what, kind, our_ref, provider_txn_id, line_before, line_after, amount_before, amount_after, fee_before,
  fee_after`;

const id = (text: string): string => text.slice(0, 64);

function itemRow(line: NamedLine): unknown[] {
  const { kind, ourRef, txnId, origTxnId, amount, fee, currency, state } = line;
  return [
    ...[kind, line.line, line.offset ?? null, id(ourRef), id(txnId), id(origTxnId), amount, fee, currency, state],
    ...[new Date(line.at), line.raw.slice(0, TEXT)],
  ];
}

const quarantineRow = ({ line, offset, reason, raw }: UnreadableLine): unknown[] => [
  ...[line, offset ?? null, reason.slice(0, 200), Buffer.from(raw, 'latin1')],
];

function changeRow({ what, kind, ourRef, txnId, before, after }: LineChange): unknown[] {
  return [
    ...[what, kind, id(ourRef), id(txnId), before?.line ?? null, after?.line ?? null],
    ...[before?.amount ?? null, after?.amount ?? null, before?.fee ?? null, after?.fee ?? null],
  ];
}

function toItem(row: Row): ItemRow {
  const text = (column: string) => row[column] as string;
  const offset = row['file_offset'];
  return {
    provider: text('provider'),
    date: text('date'),
    version: row['version'] as number,
    n: row['n'] as number,
    kind: row['kind'] as NamedKind,
    line: row['line'] as number,
    ...(offset === null ? {} : { offset: Number(offset) }),
    ourRef: text('our_ref'),
    txnId: text('provider_txn_id'),
    origTxnId: text('orig_txn_id'),
    amount: row['amount'] as bigint,
    fee: row['fee'] as bigint,
    currency: text('currency'),
    state: row['state'] as NamedLine['state'],
    at: (row['occurred_at'] as Date).toISOString(),
    raw: text('raw'),
  };
}
