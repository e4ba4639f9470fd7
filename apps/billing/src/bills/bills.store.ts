import { Inject, Injectable } from '@nestjs/common';
import type { BillView } from '@yidian/contracts';
import type { Db } from '@yidian/database';
import { toDigits } from '@yidian/money';
import { DB } from '../resources/db';

interface BillListRow extends Record<string, unknown> {
  billNo: string;
  period: string;
  amount: bigint;
  open: bigint;
  dueOn: string;
  issuedAt: Date;
}
interface AllocationListRow extends Record<string, unknown> {
  billNo: string;
  paymentNo: string;
  amount: bigint;
  cause: string;
  at: Date;
}

/** A subscriber whose bills and payments have not been put together yet. */
export interface Waiting extends Record<string, unknown> {
  subscriberId: string;
  branch: string;
}

@Injectable()
export class BillsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** What these subscribers owe on bills, in minor units; those that owe nothing are left out. */
  async due(subscriberIds: readonly string[]): Promise<Map<string, bigint>> {
    if (subscriberIds.length === 0) return new Map();
    const rows = await this.db.select<{ id: string; due: string }>(
      `SELECT subscriber_id AS id, SUM(open_amount) AS due FROM bill FORCE INDEX (PRIMARY)
        WHERE subscriber_id IN (?) AND open_amount > 0 GROUP BY subscriber_id`,
      [subscriberIds],
    );
    return new Map(rows.map(({ id, due }) => [id, BigInt(due)]));
  }

  async free(subscriberId: string): Promise<bigint> {
    const [row] = await this.db.select<{ free: string | null }>(
      'SELECT SUM(free) AS free FROM bill_payment WHERE subscriber_id = ?',
      [subscriberId],
    );
    return BigInt(row?.free ?? 0);
  }

  async list(subscriberId: string, limit: number): Promise<BillView[]> {
    const bills = await this.db.select<BillListRow>(
      `SELECT bill_no AS billNo, period, amount, open_amount AS open, due_on AS dueOn, issued_at AS issuedAt FROM bill
        WHERE subscriber_id = ? ORDER BY due_on DESC, bill_no DESC LIMIT ?`,
      [subscriberId, limit],
    );
    const allocations = await this.allocations(
      subscriberId,
      bills.map(({ billNo }) => billNo),
    );
    return bills.map(({ billNo, period, amount, open, dueOn, issuedAt }) => ({
      ...{ billNo, period, dueOn, amount: toDigits(amount), open: toDigits(open), issuedAt: issuedAt.toISOString() },
      allocations: allocations
        .filter((row) => row.billNo === billNo)
        .map(({ paymentNo, amount: put, cause, at }) => {
          return { paymentNo, amount: toDigits(put), cause, at: at.toISOString() };
        }),
    }));
  }

  /** Of branches whose billing run is over. */
  waiting(branches: readonly string[], limit: number): Promise<Waiting[]> {
    return this.db.select<Waiting>(
      `SELECT subscriber_id AS subscriberId, branch FROM bill WHERE waiting = 1 AND branch IN (?)
       UNION SELECT subscriber_id, branch FROM bill_payment WHERE waiting = 1 AND branch IN (?) LIMIT ?`,
      [branches, branches, limit],
    );
  }

  async waitingBranches(): Promise<string[]> {
    const rows = await this.db.select<{ branch: string }>(
      `SELECT DISTINCT branch FROM bill WHERE waiting = 1
       UNION SELECT DISTINCT branch FROM bill_payment WHERE waiting = 1`,
    );
    return rows.map(({ branch }) => branch);
  }

  private async allocations(subscriberId: string, billNos: readonly string[]): Promise<AllocationListRow[]> {
    if (billNos.length === 0) return [];
    return this.db.select<AllocationListRow>(
      `SELECT bill_no AS billNo, payment_no AS paymentNo, amount, cause, at FROM bill_allocation
        WHERE subscriber_id = ? AND bill_no IN (?) ORDER BY seq`,
      [subscriberId, billNos],
    );
  }
}
