import { Inject, Injectable } from '@nestjs/common';
import type { Db, Row } from '@yidian/database';
import type { Leg, LegKind } from '../batches/leg';
import { DB } from '../resources/tokens';

/** Legs of one day summed by their ends, with where they came from. */
export interface SummedLeg extends Leg {
  provider: string;
  channel: string;
  items: number;
}

export interface DailyLeg extends SummedLeg {
  day: string;
  /** Of an adjustment: its id and what it corrects; otherwise empty. */
  reference: string;
}

interface LegRow extends Row {
  provider: string;
  channel: string;
  debit: string;
  credit: string;
  kind: LegKind;
  amount: bigint;
  items: bigint;
}

/** Settled batches only; a batch that was undone and its mirror image are both left out. */
@Injectable()
export class PositionsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async legs(from: string, to: string): Promise<SummedLeg[]> {
    const rows = await this.db.select<LegRow>(
      `SELECT b.provider, l.channel, l.debit, l.credit, l.kind,
        CAST(SUM(l.amount) AS SIGNED) AS amount, CAST(SUM(l.items) AS SIGNED) AS items
       FROM settlement_batch b JOIN batch_leg l ON l.batch_id = b.batch_id
       WHERE b.state = 'settled' AND b.day BETWEEN ? AND ?
       GROUP BY b.provider, l.channel, l.debit, l.credit, l.kind
       ORDER BY b.provider, l.channel, l.debit, l.credit, l.kind`,
      [from, to],
    );
    return rows.map(({ items, ...leg }) => ({ ...leg, items: Number(items), refersTo: '' }));
  }

  /** The same day by day, for statements. */
  async daily(from: string, to: string): Promise<DailyLeg[]> {
    const rows = await this.db.select<LegRow & { day: string; reference: string }>(
      `SELECT b.day, b.provider, l.channel, l.debit, l.credit, l.kind,
        COALESCE(CONCAT(a.id, ' ', a.provider, IF(a.provider = '', '', '/'), a.period), '') AS reference,
        CAST(SUM(l.amount) AS SIGNED) AS amount, CAST(SUM(l.items) AS SIGNED) AS items
       FROM settlement_batch b JOIN batch_leg l ON l.batch_id = b.batch_id
         LEFT JOIN adjustment a ON a.batch_id = b.batch_id
       WHERE b.state = 'settled' AND b.day BETWEEN ? AND ?
       GROUP BY b.day, b.provider, l.channel, l.debit, l.credit, l.kind, reference
       ORDER BY b.day, b.provider, l.channel, l.debit, l.credit, l.kind, reference`,
      [from, to],
    );
    return rows.map(({ items, ...leg }) => ({ ...leg, items: Number(items), refersTo: '' }));
  }

  /** Items of the date that still wait, as we list them ourselves. */
  async openItems(day: string): Promise<number> {
    const rows = await this.db.select<{ n: bigint }>(
      'SELECT COUNT(*) AS n FROM suspense_item WHERE day = ? AND open <> 0',
      [day],
    );
    return Number(rows[0]?.n ?? 0n);
  }
}
