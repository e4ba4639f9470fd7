import { Inject, Injectable } from '@nestjs/common';
import { isDuplicateKey, type Db, type Queryable } from '@yidian/database';
import type { Statement } from '@yidian/journal';
import { OPEN_STATES } from '../payments/payment.states';
import { DB } from '../platform';
import { writeDecision, type Decision } from '../risk/decisions.store';
import type { AutoRuleRow, OccasionRow } from './auto.rows';
import { OCCASION_MOVES, RULE_MOVES, type AutoRuleState, type OccasionState } from './auto.states';

/** What goes along with a move, in its transaction: why, and texts to people. */
export interface Along {
  decision: Omit<Decision, 'about' | 'objectId' | 'kind'> & { kind?: Decision['kind'] };
  texts?: readonly Statement[];
}

@Injectable()
export class AutoStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async rule(id: string): Promise<AutoRuleRow | undefined> {
    return (await this.rows<AutoRuleRow>('SELECT * FROM auto_rule WHERE id = ?', [id]))[0];
  }

  /** Of a payer, ended ones left out. */
  rulesOf(payerBlind: string): Promise<AutoRuleRow[]> {
    const sql = "SELECT * FROM auto_rule WHERE payer_blind = ? AND state <> 'ended' ORDER BY created_at, id";
    return this.rows(sql, [payerBlind]);
  }

  async ruleFor(payerBlind: string, blind: string, kind: AutoRuleRow['kind']): Promise<AutoRuleRow | undefined> {
    const sql = 'SELECT * FROM auto_rule WHERE payer_blind = ? AND msisdn_blind = ? AND kind = ?';
    return (await this.rows<AutoRuleRow>(sql, [payerBlind, blind, kind]))[0];
  }

  /** Sets it, or sets it anew. */
  async put(row: AutoRuleRow, along: Along): Promise<void> {
    const { id, created_at: _at, version: _version, ...rest } = row;
    const columns = Object.keys(rest);
    await this.db.transaction(async (tx) => {
      const set = columns.map((column) => `${column} = VALUES(${column})`).join(', ');
      await tx.run(
        `INSERT INTO auto_rule (${Object.keys(row).join(', ')}) VALUES (?)
          ON DUPLICATE KEY UPDATE ${set}, version = version + 1`,
        [Object.values(row)],
      );
      await write(tx, along, row, id);
    });
  }

  /** @returns whether it stood so */
  async moveRule(row: AutoRuleRow, to: AutoRuleState, along: Along, dueAt: Date | null = null): Promise<boolean> {
    if (!RULE_MOVES[row.state].includes(to)) return false;
    return this.db.transaction(async (tx) => {
      const sql = `UPDATE auto_rule SET state = ?, why = ?, due_at = ?, fails = IF(? = 'active', 0, fails),
        version = version + 1, updated_at = UTC_TIMESTAMP(3) WHERE id = ? AND state = ?`;
      const why = along.decision.what.slice(0, 80);
      if ((await tx.run(sql, [to, why, dueAt, to, row.id, row.state])) !== 1) return false;
      if (to !== 'active')
        await tx.run(
          `UPDATE auto_occasion SET state = 'given_up', code = ?, due_at = NULL, updated_at = UTC_TIMESTAMP(3)
            WHERE rule_id = ? AND state = 'noticed'`,
          [to, row.id],
        );
      await write(tx, along, row, row.id);
      return true;
    });
  }

  dueRules(limit: number): Promise<AutoRuleRow[]> {
    const sql = `SELECT * FROM auto_rule FORCE INDEX (auto_rule_due)
      WHERE state = 'active' AND due_at <= UTC_TIMESTAMP(3) ORDER BY due_at LIMIT ?`;
    return this.rows(sql, [limit]);
  }

  /** Claimed by moving its date. */
  async claimRule(row: AutoRuleRow, next: Date | null): Promise<boolean> {
    const sql = "UPDATE auto_rule SET due_at = ? WHERE id = ? AND state = 'active' AND due_at = ?";
    return (await this.db.run(sql, [next, row.id, row.due_at])) === 1;
  }

  /** A bell: who is low is looked at now. Words may come in any order: the latest counts. @returns how many rules look */
  ringLow(blind: string, balance: bigint | null, at: Date): Promise<number> {
    const sql = `UPDATE auto_rule SET due_at = UTC_TIMESTAMP(3),
        told_balance = IF(told_at > ?, told_balance, ?), told_at = IF(told_at > ?, told_at, ?)
      WHERE msisdn_blind = ? AND kind = 'threshold' AND state = 'active'`;
    return this.db.run(sql, [at, balance, at, at, blind]);
  }

  async tried(row: AutoRuleRow, succeeded: boolean): Promise<void> {
    const fails = succeeded ? '0' : 'fails + 1';
    await this.db.run(`UPDATE auto_rule SET fails = ${fails} WHERE id = ?`, [row.id]);
  }

  /** Opens it once. @returns whether it was this call */
  async open(row: OccasionRow, rule: AutoRuleRow, along: Along): Promise<boolean> {
    try {
      await this.db.transaction(async (tx) => {
        await tx.run(`INSERT INTO auto_occasion (${Object.keys(row).join(', ')}) VALUES (?)`, [Object.values(row)]);
        await write(tx, along, rule, row.id);
      });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async occasion(id: string): Promise<OccasionRow | undefined> {
    return (await this.rows<OccasionRow>('SELECT * FROM auto_occasion WHERE id = ?', [id]))[0];
  }

  /** Latest first. */
  occasionsOf(ruleId: string, limit: number): Promise<OccasionRow[]> {
    const sql = 'SELECT * FROM auto_occasion WHERE rule_id = ? ORDER BY created_at DESC, id DESC LIMIT ?';
    return this.rows(sql, [ruleId, limit]);
  }

  /** Of a day and a month, those that were or may yet be paid. */
  async used(ruleId: string, day: string): Promise<{ today: number; month: bigint; open: number }> {
    const [row] = await this.db.select<{ today: bigint | null; month: string | null; open: bigint | null }>(
      `SELECT SUM(day = ?) AS today, CAST(SUM(amount) AS CHAR) AS month, SUM(state IN ('noticed', 'paying')) AS open
        FROM auto_occasion WHERE rule_id = ? AND state IN ('noticed', 'paying', 'done')
          AND DATE_FORMAT(day, '%Y-%m') = ?`,
      [day, ruleId, day.slice(0, 7)],
    );
    return { today: Number(row?.today ?? 0), month: BigInt(row?.month ?? '0'), open: Number(row?.open ?? 0) };
  }

  /** Days of a month have other months' occasions open, too: one at a time. */
  async hasOpen(ruleId: string): Promise<boolean> {
    const sql = "SELECT 1 FROM auto_occasion WHERE rule_id = ? AND state IN ('noticed', 'paying') LIMIT 1";
    return (await this.db.select(sql, [ruleId])).length > 0;
  }

  /** What is on its way to a number: payments not credited yet, and occasions of other rules that have no payment yet. */
  async underWay(blind: string, exceptRule: string): Promise<bigint> {
    const [row] = await this.db.select<{ payments: string; occasions: string }>(
      `SELECT
        (SELECT CAST(COALESCE(SUM(amount), 0) AS CHAR) FROM payment WHERE msisdn_blind = ? AND state IN (?)
          AND credit_state IN ('none', 'requested', 'unknown')) AS payments,
        (SELECT CAST(COALESCE(SUM(amount), 0) AS CHAR) FROM auto_occasion WHERE msisdn_blind = ?
          AND state IN ('noticed', 'paying') AND payment_no IS NULL AND rule_id <> ?) AS occasions`,
      [blind, OPEN_STATES.slice(0, 4), blind, exceptRule],
    );
    return BigInt(row?.payments ?? '0') + BigInt(row?.occasions ?? '0');
  }

  dueOccasions(state: OccasionState, limit: number): Promise<OccasionRow[]> {
    const sql = `SELECT * FROM auto_occasion FORCE INDEX (auto_occasion_due)
      WHERE state = ? AND due_at <= UTC_TIMESTAMP(3) ORDER BY due_at LIMIT ?`;
    return this.rows(sql, [state, limit]);
  }

  /** A lease: whoever dies with it loses it. */
  async claim(row: OccasionRow, until: Date): Promise<boolean> {
    const sql = 'UPDATE auto_occasion SET due_at = ? WHERE id = ? AND state = ? AND due_at = ?';
    return (await this.db.run(sql, [until, row.id, row.state, row.due_at])) === 1;
  }

  async postpone(row: OccasionRow, dueAt: Date): Promise<void> {
    await this.db.run('UPDATE auto_occasion SET due_at = ? WHERE id = ? AND state = ?', [dueAt, row.id, row.state]);
  }

  async paid(id: string, paymentNo: string): Promise<void> {
    await this.db.run("UPDATE auto_occasion SET payment_no = ? WHERE id = ? AND state = 'paying'", [paymentNo, id]);
  }

  /** @returns whether it stood so */
  async move(
    row: OccasionRow,
    rule: AutoRuleRow,
    change: {
      to: OccasionState;
      amount?: bigint;
      tryNo?: number;
      code?: string | null;
      day?: string;
      dueAt?: Date | null;
      card?: Pick<OccasionRow, 'agreement_id' | 'by_batch'>;
    },
    along: Along,
  ): Promise<boolean> {
    if (!OCCASION_MOVES[row.state].includes(change.to)) throw new Error(`occasion: ${row.state} to ${change.to}`);
    const { to, amount = row.amount, tryNo = row.try_no, code = row.code, day = row.day, dueAt = null } = change;
    return this.db.transaction(async (tx) => {
      const sql = `UPDATE auto_occasion SET state = ?, amount = ?, try_no = ?, code = ?, day = ?, due_at = ?,
        payment_no = IF(? = 'noticed', NULL, payment_no), agreement_id = ?, by_batch = ?, updated_at = UTC_TIMESTAMP(3) WHERE id = ? AND state = ?`;
      const { agreement_id: agreementId, by_batch: byBatch } = change.card ?? row;
      const params = [to, amount, tryNo, code, day, dueAt, to, agreementId, byBatch, row.id, row.state];
      if ((await tx.run(sql, params)) !== 1) return false;
      await write(tx, along, rule, row.id);
      return true;
    });
  }

  async position(): Promise<bigint> {
    const sql = "SELECT position FROM feed_cursor WHERE feed = 'low_balances'";
    return (await this.db.select<{ position: bigint }>(sql))[0]?.position ?? 0n;
  }

  async passed(to: bigint): Promise<void> {
    const sql = "UPDATE feed_cursor SET position = GREATEST(position, ?) WHERE feed = 'low_balances'";
    await this.db.run(sql, [to]);
  }

  private async rows<T extends object>(sql: string, params: readonly unknown[]): Promise<T[]> {
    return (await this.db.select(sql, params)) as unknown as T[];
  }
}

async function write(tx: Queryable, along: Along, rule: AutoRuleRow, objectId: string): Promise<void> {
  const about = [rule.msisdn_blind, rule.payer_blind];
  await writeDecision(tx, { kind: 'auto_topup', ...along.decision, about, objectId });
  for (const { sql, params } of along.texts ?? []) await tx.run(sql, params);
}
