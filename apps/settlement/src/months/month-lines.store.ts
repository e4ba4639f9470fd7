import { Inject, Injectable } from '@nestjs/common';
import type { Db, Row } from '@yidian/database';
import { daysOf } from '../fees/month';
import { readEarned, type Earned } from '../items/earned';
import { DB } from '../resources/tokens';

/** Settled lines of a month that are alike. Sums are signed: refunds dated in the month count against it. */
export interface MonthLines {
  provider: string;
  scheduleId: string;
  planId: string;
  branch: string;
  acquiringBranch: string;
  partner: string;
  count: number;
  charged: bigint;
  face: bigint;
  fee: bigint;
  /** Of one line. */
  earned: readonly Earned[];
}

interface LineRow extends Row {
  provider: string;
  schedule_id: string;
  plan_id: string;
  branch: string;
  acquiring_branch: string;
  partner: string;
  earned: string;
  earner: string;
  n: bigint;
  charged: bigint;
  face: bigint;
  fee: bigint;
  commission: bigint;
}

type SumRow = Pick<
  LineRow,
  | 'provider'
  | 'schedule_id'
  | 'plan_id'
  | 'branch'
  | 'acquiring_branch'
  | 'partner'
  | 'earned'
  | 'charged'
  | 'face'
  | 'fee'
>;

/** Actions that bring a waiting line to its branch: it then counts in the month of the resolution. */
const RESOLVED = `SELECT item_id, MIN(at) AS at FROM resolution
  WHERE state = 'applied' AND action IN ('credit', 'confirm_paid', 'reverse_credit', 'accept') GROUP BY item_id`;
const SUMS = `b.provider, i.schedule_id, i.plan_id, i.branch, i.acquiring_branch, i.partner, i.earned, i.earner,
  COUNT(*) AS n, CAST(SUM(i.amount) AS SIGNED) AS charged, CAST(SUM(i.face) AS SIGNED) AS face,
  CAST(SUM(i.fee) AS SIGNED) AS fee, CAST(SUM(i.commission) AS SIGNED) AS commission`;
const GROUPS = 'b.provider, i.schedule_id, i.plan_id, i.branch, i.acquiring_branch, i.partner, i.earned, i.earner';
const STANDS = `b.state = 'settled' AND b.kind = 'settle' AND i.place = 'due'`;

@Injectable()
export class MonthLinesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async of(month: string): Promise<MonthLines[]> {
    const { first, last } = daysOf(month);
    const inDays = await this.db.select<LineRow>(
      `SELECT ${SUMS} FROM settlement_batch b JOIN settled_item i ON i.batch_id = b.batch_id
         LEFT JOIN (${RESOLVED}) r ON r.item_id = i.item_id
       WHERE ${STANDS} AND b.day BETWEEN ? AND ? AND (i.matched = 1 OR r.item_id IS NULL) GROUP BY ${GROUPS}`,
      [first, last],
    );
    const resolved = await this.db.select<LineRow>(
      `SELECT ${SUMS} FROM (${RESOLVED}) r JOIN settled_item i ON i.item_id = r.item_id AND i.matched = 0
         JOIN settlement_batch b ON b.batch_id = i.batch_id
       WHERE ${STANDS} AND DATE(r.at + INTERVAL 8 HOUR) BETWEEN ? AND ? GROUP BY ${GROUPS}`,
      [first, last],
    );
    const sealed = await this.db.select<SumRow>(
      `SELECT b.provider, s.schedule_id, s.plan_id, s.branch, s.acquiring_branch, s.partner, s.earned,
         s.amount AS charged, s.amount AS face, s.fee
       FROM settlement_batch b JOIN settled_sum s ON s.batch_id = b.batch_id
       WHERE b.state = 'settled' AND b.day BETWEEN ? AND ? AND s.n > 0`,
      [first, last],
    );
    return [...[...inDays, ...resolved].map(fromRow), ...sealed.map(fromSum)];
  }

  /** Resolutions of lines of the month that still wait for their day. */
  async waiting(month: string): Promise<number> {
    const { first, last } = daysOf(month);
    const rows = await this.db.select<{ n: bigint }>(
      `SELECT COUNT(*) AS n FROM resolution WHERE state = 'waiting' AND day BETWEEN ? AND ?`,
      [first, last],
    );
    return Number(rows[0]?.n ?? 0n);
  }
}

function fromRow(row: LineRow): MonthLines {
  const { provider, branch, partner, charged, face, fee } = row;
  return {
    ...{ provider, branch, partner, charged, face, fee },
    ...{ scheduleId: row.schedule_id, planId: row.plan_id, acquiringBranch: row.acquiring_branch },
    count: Number(row.n),
    earned: earnedOf(row),
  };
}

/** Lines of a sealed group count as one line that earned what they earned together. */
const fromSum = ({ provider, branch, partner, charged, face, fee, ...row }: SumRow): MonthLines => ({
  ...{ provider, branch, partner, charged, face, fee, count: 1, earned: readEarned(row.earned) },
  ...{ scheduleId: row.schedule_id, planId: row.plan_id, acquiringBranch: row.acquiring_branch },
});

/** Lines settled before cascades were known: their one earner has all of it. */
function earnedOf({ earned, earner, commission, n }: LineRow): Earned[] {
  if (earned !== '' || earner === '') return readEarned(earned);
  return [{ account: earner, ppm: 0n, amount: commission / n, clawed: 0n }];
}
