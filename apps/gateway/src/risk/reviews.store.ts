import { Inject, Injectable } from '@nestjs/common';
import { isDuplicateKey, type Db } from '@yidian/database';
import { DB } from '../platform';
import { writeDecision } from './decisions.store';

export interface ReviewRow {
  id: string;
  /** One per rule, payer, number and day; one per partner and day. */
  k: string;
  rule: 'numbers_per_payer' | 'payers_per_number' | 'numbers_per_partner';
  state: 'waiting' | 'approved' | 'rejected';
  payer_blind: string;
  payer_masked: string;
  msisdn_blind: string;
  msisdn_masked: string;
  branch: string;
  channel: string;
  amount: bigint;
  why: string;
  /** How often it was asked for. */
  asked: number;
  created_at: Date;
  decided_by: string | null;
  decided_at: Date | null;
  reason: string | null;
  /** Until when an approval lets it through. */
  valid_until: Date | null;
}

/** Beijing is ahead of UTC by that much: its day begins then. */
const SINCE = "CONVERT_TZ(CONCAT(?, ' 00:00:00'), '+08:00', '+00:00')";

@Injectable()
export class ReviewsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Other numbers that a payer has ordered for on a Beijing day, refused ones left out. */
  numbersOf(payerBlind: string, except: string, day: string): Promise<number> {
    return this.count(
      `SELECT COUNT(DISTINCT p.msisdn_blind) AS n FROM payment_payer x FORCE INDEX (PRIMARY)
        STRAIGHT_JOIN payment p FORCE INDEX (PRIMARY) ON p.payment_no = x.payment_no
        WHERE x.payer_blind = ? AND x.created_at >= ${SINCE} AND p.msisdn_blind NOT IN (?, ?)
          AND p.state NOT IN ('declined', 'closed', 'rejected')`,
      [payerBlind, day, except, payerBlind],
    );
  }

  /** Other payers than this one that have paid for a number on a Beijing day. */
  payersOf(msisdnBlind: string, except: string, day: string): Promise<number> {
    return this.count(
      `SELECT COUNT(DISTINCT payer_blind) AS n FROM payment FORCE INDEX (payment_number)
        WHERE msisdn_blind = ? AND created_at >= ${SINCE} AND payer_blind IS NOT NULL AND payer_blind NOT IN (?, ?)
          AND state NOT IN ('declined', 'closed', 'rejected')`,
      [msisdnBlind, day, except, msisdnBlind],
    );
  }

  /** Different numbers among a partner's latest orders since then, refused ones and what it has collected left out. */
  numbersOfPartner(partner: string, since: Date, most: number): Promise<number> {
    return this.count(
      `SELECT COUNT(DISTINCT msisdn_blind) AS n FROM (
        SELECT msisdn_blind FROM payment FORCE INDEX (payment_partner) WHERE partner = ? AND created_at >= ?
          AND funding <> 'collected' AND state NOT IN ('declined', 'closed', 'rejected')
        ORDER BY created_at DESC LIMIT ?) latest`,
      [partner, since, most * 2],
    );
  }

  /** @returns the review as it stands: this one, or the one that was asked for before */
  async ask(row: ReviewRow): Promise<ReviewRow> {
    try {
      await this.db.transaction(async (tx) => {
        await tx.run(`INSERT INTO risk_review (${Object.keys(row).join(', ')}) VALUES (?)`, [Object.values(row)]);
        await writeDecision(tx, {
          ...{ about: [row.payer_blind, row.msisdn_blind], kind: 'risk', state: 'held_for_review' },
          ...{ what: `${row.rule}: ${row.why}`, objectId: row.id, amount: row.amount },
        });
      });
      return row;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      await this.db.run("UPDATE risk_review SET asked = asked + 1 WHERE k = ? AND state = 'waiting'", [row.k]);
      const [stands] = await this.db.select('SELECT * FROM risk_review WHERE k = ?', [row.k]);
      return stands as unknown as ReviewRow;
    }
  }

  async find(id: string): Promise<ReviewRow | undefined> {
    return ((await this.db.select('SELECT * FROM risk_review WHERE id = ?', [id])) as unknown as ReviewRow[])[0];
  }

  /** Oldest first where they wait, else latest first. */
  async list(state: ReviewRow['state'], limit: number): Promise<ReviewRow[]> {
    const order = state === 'waiting' ? 'created_at, id' : 'created_at DESC, id DESC';
    const sql = `SELECT * FROM risk_review WHERE state = ? ORDER BY ${order} LIMIT ?`;
    return (await this.db.select(sql, [state, limit])) as unknown as ReviewRow[];
  }

  /** @returns whether it was waiting */
  async decide(
    row: ReviewRow,
    to: 'approved' | 'rejected',
    by: { operator: string; reason: string; until: Date | null },
  ): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const sql = `UPDATE risk_review SET state = ?, decided_by = ?, decided_at = UTC_TIMESTAMP(3), reason = ?,
        valid_until = ? WHERE id = ? AND state = 'waiting'`;
      if ((await tx.run(sql, [to, by.operator, by.reason, by.until, row.id])) !== 1) return false;
      await writeDecision(tx, {
        ...{ about: [row.payer_blind, row.msisdn_blind], kind: 'risk', state: to, objectId: row.id },
        ...{ what: `${row.rule}: ${by.reason}`, amount: row.amount },
      });
      return true;
    });
  }

  private async count(sql: string, params: readonly unknown[]): Promise<number> {
    return Number((await this.db.select<{ n: bigint }>(sql, params))[0]?.n ?? 0n);
  }
}
