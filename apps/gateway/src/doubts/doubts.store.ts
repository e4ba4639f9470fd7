import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable } from '@yidian/database';
import { DB } from '../platform';
import { openDoubt, type NewDoubt } from './open-doubt';

export interface DoubtRow extends Record<string, unknown> {
  id: string;
  kind: NewDoubt['kind'];
  object_no: string;
  payment_no: string;
  provider: string;
  amount: bigint | null;
  why: string;
  state: 'open' | 'closed';
  /** '': nobody's yet. */
  owner: string;
  tries: number;
  opened_at: Date;
  taken_at: Date | null;
  last_tried_at: Date | null;
  closed_at: Date | null;
  outcome: string;
}

export type DecisionState = 'proposed' | 'rejected' | 'done' | 'working' | 'refused';
export interface DecisionRow extends Record<string, unknown> {
  id: string;
  doubt_id: string;
  action: string;
  provider_txn_id: string;
  business_date: string | null;
  evidence: string;
  state: DecisionState;
  proposed_by: string;
  proposed_at: Date;
  decided_by: string | null;
  decided_at: Date | null;
  outcome: string;
}

/** Not in the queue yet, so that a long queue hides nothing that is new. */
const unseen = (kind: NewDoubt['kind'], object: string): string =>
  `NOT EXISTS (SELECT 1 FROM doubt d WHERE d.kind = '${kind}' AND d.object_no = ${object} AND d.state = 'open')`;

/** What waits: rows of the other rooms that have no next date. Each read stays in the open tail of an index. */
const WAITING: Readonly<Record<Exclude<NewDoubt['kind'], 'attempt'>, string>> = {
  payment: `SELECT 'payment' AS kind, payment_no AS object_no, payment_no, provider, charged AS amount,
      CONCAT(state, ', credit ', credit_state, ', asked ', tries, ' times') AS why
    FROM payment FORCE INDEX (payment_due) WHERE state IN ('submitted', 'unknown', 'paid', 'created') AND due_at IS NULL AND ${unseen('payment', 'payment.payment_no')} LIMIT ?`,
  refund: `SELECT 'refund' AS kind, r.refund_no AS object_no, p.payment_no, COALESCE(a.provider, p.provider) AS provider, r.amount,
      CONCAT(r.kind, ' ', r.state, ', hold ', r.hold, ', asked ', r.tries, ' times') AS why
    FROM refund r FORCE INDEX (refund_due) JOIN payment p ON p.payment_no = r.payment_no
      LEFT JOIN attempt a ON a.attempt_no = r.attempt_no
    WHERE r.state IN ('requested', 'held', 'submitted', 'unknown') AND r.due_at IS NULL AND ${unseen('refund', 'r.refund_no')} LIMIT ?`,
  return: `SELECT 'return' AS kind, return_no AS object_no, payment_no, provider, amount,
      CONCAT('return ', state, COALESCE(CONCAT(': ', code), '')) AS why
    FROM provider_return FORCE INDEX (provider_return_due)
    WHERE state IN ('open', 'refused') AND due_at IS NULL AND ${unseen('return', 'provider_return.return_no')} LIMIT ?`,
  callback: `SELECT 'callback' AS kind, CONCAT(provider, ' ', event_id) AS object_no, '' AS payment_no, provider,
      NULL AS amount, CONCAT(state, ': ', note, ', tried ', tries, ' times') AS why
    FROM provider_callback FORCE INDEX (provider_callback_due)
    WHERE state IN ('new', 'failed') AND due_at IS NULL
      AND ${unseen('callback', "CONCAT(provider_callback.provider, ' ', provider_callback.event_id)")} LIMIT ?`,
};

interface Waiting {
  kind: NewDoubt['kind'];
  object_no: string;
  payment_no: string;
  provider: string;
  amount: bigint | null;
  why: string;
}

@Injectable()
export class DoubtsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async waiting(kind: keyof typeof WAITING, limit: number): Promise<NewDoubt[]> {
    const rows = (await this.db.select(WAITING[kind], [limit])) as unknown as Waiting[];
    return rows.map((row) => ({
      ...{ kind: row.kind, objectNo: row.object_no, paymentNo: row.payment_no },
      ...{ provider: row.provider, amount: row.amount, why: row.why },
    }));
  }

  async open(doubt: NewDoubt, at: Date): Promise<void> {
    const { sql, params = [] } = openDoubt(doubt, at);
    await this.db.run(sql, params);
  }

  list(filter: { state: DoubtRow['state']; owner?: string | undefined }, limit: number): Promise<DoubtRow[]> {
    const mine = filter.owner === undefined ? '' : 'AND owner = ?';
    return this.db.select<DoubtRow>(
      `SELECT * FROM doubt FORCE INDEX (doubt_open) WHERE state = ? ${mine} ORDER BY opened_at, id LIMIT ?`,
      [filter.state, ...(filter.owner === undefined ? [] : [filter.owner]), limit],
    );
  }

  async find(id: string): Promise<DoubtRow | undefined> {
    return (await this.db.select<DoubtRow>('SELECT * FROM doubt WHERE id = ?', [id]))[0];
  }

  /** @returns false when it is somebody else's, or closed */
  async take(id: string, owner: string): Promise<boolean> {
    const sql = `UPDATE doubt SET owner = ?, taken_at = UTC_TIMESTAMP(3)
      WHERE id = ? AND state = 'open' AND owner IN ('', ?)`;
    return (await this.db.run(sql, [owner, id, owner])) === 1;
  }

  async tried(id: string): Promise<void> {
    await this.db.run('UPDATE doubt SET tries = tries + 1, last_tried_at = UTC_TIMESTAMP(3) WHERE id = ?', [id]);
  }

  async close(id: string, outcome: string): Promise<boolean> {
    const sql =
      "UPDATE doubt SET state = 'closed', closed_at = UTC_TIMESTAMP(3), outcome = ? WHERE id = ? AND state = 'open'";
    return (await this.db.run(sql, [outcome.slice(0, 200), id])) === 1;
  }

  decisions(doubts: readonly string[]): Promise<DecisionRow[]> {
    if (doubts.length === 0) return Promise.resolve([]);
    return this.db.select<DecisionRow>('SELECT * FROM doubt_decision WHERE doubt_id IN (?) ORDER BY proposed_at, id', [
      doubts,
    ]);
  }

  async addDecision(row: DecisionRow): Promise<void> {
    const columns = Object.keys(row);
    await this.db.run(`INSERT INTO doubt_decision (${columns.join(', ')}) VALUES (?)`, [Object.values(row)]);
  }

  async findDecision(id: string): Promise<DecisionRow | undefined> {
    return (await this.db.select<DecisionRow>('SELECT * FROM doubt_decision WHERE id = ?', [id]))[0];
  }

  /** @returns whether this call moved it */
  async moveDecision(
    id: string,
    from: DecisionState,
    to: { state: DecisionState; by?: string; outcome: string },
    queryable: Queryable = this.db,
  ): Promise<boolean> {
    const matched = await queryable.run(
      `UPDATE doubt_decision SET state = ?, outcome = ?, decided_by = COALESCE(?, decided_by),
        decided_at = COALESCE(decided_at, UTC_TIMESTAMP(3)) WHERE id = ? AND state = ?`,
      [to.state, to.outcome.slice(0, 200), to.by ?? null, id, from],
    );
    return matched === 1;
  }
}
