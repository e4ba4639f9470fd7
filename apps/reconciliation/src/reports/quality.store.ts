import { Inject, Injectable } from '@nestjs/common';
import type { BreakClass } from '@yidian/contracts';
import type { Db } from '@yidian/database';
import { DB } from '../reconciliation.config';
import type { DefectCell } from './quality';

export interface Span {
  from: string;
  to: string;
  provider?: string | undefined;
}

type Cut = 'provider' | 'branch' | 'channel';

/** Suspense that met its other half is timing, and what a replaced file no longer shows was never a defect. */
const DEFECT = `b.kind IN ('payment', 'refund', 'value', 'line') AND b.state <> 'suspense'
  AND NOT (b.state = 'resolved' AND b.resolved_by IN ('rule:other_half', 'rule:not_found_again'))`;

/** What the quality of a range is counted from. Column names come from the code, values are parameters. */
@Injectable()
export class QualityStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async defects(cut: Cut, span: Span): Promise<(DefectCell & { key: string })[]> {
    const [where, params] = within('b', span);
    const rows = await this.db.select<{ name: string; class: BreakClass; n: bigint; amount: string }>(
      `SELECT b.${cut} AS name, b.class, COUNT(*) AS n, CAST(SUM(ABS(b.at_stake)) AS CHAR) AS amount
       FROM recon_break b WHERE ${where} AND ${DEFECT} GROUP BY b.${cut}, b.class ORDER BY b.${cut}, b.class`,
      params,
    );
    return rows.map((row) => ({
      ...{ key: row.name, class: row.class, count: Number(row.n), amount: BigInt(row.amount) },
    }));
  }

  /** Payments of statements, and those of our books that no statement shows. */
  async payments(cut: Cut, span: Span): Promise<Map<string, number>> {
    const sums = new Map<string, number>();
    const add = (rows: { name: string; n: bigint }[]) => {
      for (const { name, n } of rows) sums.set(name, (sums.get(name) ?? 0) + Number(n));
    };
    const [items, itemParams] = within('i', span);
    add(
      await this.db.select(
        `SELECT i.${cut} AS name, COUNT(*) AS n FROM match_item i JOIN run r ON r.run_id = i.run_id AND r.state = 'current'
         WHERE ${items} AND i.kind = 'payment' GROUP BY i.${cut}`,
        itemParams,
      ),
    );
    const [breaks, breakParams] = within('b', span);
    add(
      await this.db.select(
        `SELECT b.${cut} AS name, COUNT(*) AS n FROM recon_break b
         WHERE ${breaks} AND b.kind = 'payment' AND b.item_id IS NULL GROUP BY b.${cut}`,
        breakParams,
      ),
    );
    add(await (cut === 'provider' ? this.sealed(span) : this.counted(cut, span)));
    return sums;
  }

  /** Were all sealed lines counted by branch and channel when they were sealed? Those of early sets were not. */
  async isCounted(span: Span): Promise<boolean> {
    const [where, params] = within('m', span);
    const [row] = await this.db.select<{ n: bigint }>(
      `SELECT COUNT(*) AS n FROM matched_set m JOIN run r ON r.run_id = m.run_id AND r.state = 'current'
       WHERE ${where} AND m.n > 0 AND NOT EXISTS (SELECT 1 FROM matched_count c WHERE c.run_id = m.run_id)`,
      params,
    );
    return row?.n === 0n;
  }

  private async counted(cut: 'branch' | 'channel', span: Span): Promise<{ name: string; n: bigint }[]> {
    const [where, params] = within('m', span);
    const rows = await this.db.select<{ name: string; n: string }>(
      `SELECT c.${cut} AS name, CAST(SUM(c.n) AS CHAR) AS n FROM matched_set m
       JOIN run r ON r.run_id = m.run_id AND r.state = 'current' JOIN matched_count c ON c.run_id = m.run_id
       WHERE ${where} GROUP BY c.${cut}`,
      params,
    );
    return rows.map(({ name, n }) => ({ name, n: BigInt(n) }));
  }

  /** Plainly matched payments that lie in sealed segments, by provider. */
  private async sealed(span: Span): Promise<{ name: string; n: bigint }[]> {
    const [where, params] = within('m', span);
    const rows = await this.db.select<{ name: string; n: string }>(
      `SELECT m.provider AS name, CAST(SUM(m.n) AS CHAR) AS n FROM matched_set m
       JOIN run r ON r.run_id = m.run_id AND r.state = 'current' WHERE ${where} GROUP BY m.provider`,
      params,
    );
    return rows.map(({ name, n }) => ({ name, n: BigInt(n) }));
  }
}

function within(table: string, { from, to, provider }: Span): [where: string, params: unknown[]] {
  const dates = `${table}.date BETWEEN ? AND ?`;
  return provider === undefined ? [dates, [from, to]] : [`${dates} AND ${table}.provider = ?`, [from, to, provider]];
}
