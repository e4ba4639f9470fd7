import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../resources/db';

/** Suspended for arrears, and owes nothing. */
export interface PaidArrears extends Record<string, unknown> {
  subscriberId: string;
  msisdn: string;
  /** Null: it was registered so. */
  suspendedAt: Date | null;
}

const SUSPENDED = `SELECT s.id AS subscriberId, s.msisdn, s.status_at AS suspendedAt FROM subscriber s
  JOIN account a ON a.id = CONCAT('subscriber/', s.id, '/cash')
  WHERE s.status = 'suspended' AND s.suspend_reason = 'arrears' AND a.balance >= 0`;

@Injectable()
export class ReactivationsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  of(subscriberIds: readonly string[]): Promise<PaidArrears[]> {
    return this.db.select<PaidArrears>(`${SUSPENDED} AND s.id IN (?)`, [subscriberIds]);
  }

  /** In the order of the ids, after one. */
  page(after: string, limit: number): Promise<PaidArrears[]> {
    return this.db.select<PaidArrears>(`${SUSPENDED} AND s.id > ? ORDER BY s.id LIMIT ?`, [after, limit]);
  }
}
