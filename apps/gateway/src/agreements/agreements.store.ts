import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable } from '@yidian/database';
import { DB } from '../platform';
import type { AgreementRow, Cooling, LinkedRow, Signed } from './agreement.rows';
import type { LinkedNumberState } from './agreement.schema';
import { agreementsIn, linkedIn } from './agreement.states';

export * from './agreement.rows';

const COOLS = 'cooling_until = UTC_TIMESTAMP(3) + INTERVAL ? MINUTE, cooling_limit = ?';
const coolingParams = (cooling: Cooling | null) =>
  cooling ? [Math.round(cooling.hours * 60), cooling.limit] : [null, null];

type Table = 'agreement' | 'linked_number';

/** The row's state before it moves, locked; null when it may not move so. Its history is written beside the move. */
async function begin(
  tx: Queryable,
  table: Table,
  id: string,
  move: { from: readonly string[]; to: string; evidence: string },
): Promise<boolean> {
  const [row] = await tx.select<{ state: string; version: bigint }>(
    `SELECT state, version FROM ${table} WHERE id = ? FOR UPDATE`,
    [id],
  );
  if (!row || !move.from.includes(row.state)) return false;
  await tx.run(
    `INSERT INTO agreement_move (object_id, version, from_state, to_state, evidence, at)
      VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(3))`,
    [id, Number(row.version) + 1, row.state, move.to, move.evidence.slice(0, 80)],
  );
  return true;
}

@Injectable()
export class AgreementsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async find(id: string): Promise<AgreementRow | undefined> {
    return (await this.rows<AgreementRow>('SELECT * FROM agreement WHERE id = ?', [id]))[0];
  }

  /** Of one main number, the usual one first; ended ones are left out. */
  ofNumber(blind: string): Promise<AgreementRow[]> {
    const sql =
      "SELECT * FROM agreement WHERE msisdn_blind = ? AND state <> 'ended' ORDER BY preferred DESC, created_at, id";
    return this.rows(sql, [blind]);
  }

  /** Makes one of a number's active agreements the usual one, and the others not. @returns whether it is one of them */
  async prefer(blind: string, id: string): Promise<boolean> {
    const rows = await this.ofNumber(blind);
    if (!rows.some((row) => row.id === id && row.state === 'active')) return false;
    await this.db.run('UPDATE agreement SET preferred = (id = ?) WHERE msisdn_blind = ?', [id, blind]);
    return true;
  }

  due(limit: number): Promise<AgreementRow[]> {
    const sql = `SELECT * FROM agreement FORCE INDEX (agreement_due)
      WHERE state = 'pending' AND due_at <= UTC_TIMESTAMP(3) ORDER BY due_at LIMIT ?`;
    return this.rows(sql, [limit]);
  }

  /** Claim by moving the date. */
  async claim(row: AgreementRow, next: Date | null): Promise<boolean> {
    const sql = "UPDATE agreement SET due_at = ?, tries = tries + 1 WHERE id = ? AND state = 'pending' AND due_at = ?";
    return (await this.db.run(sql, [next, row.id, row.due_at])) === 1;
  }

  /** The page's address is known only after the provider has answered. */
  async setNextAction(id: string, nextAction: string, expiresAt: Date, dueAt: Date): Promise<void> {
    const sql = "UPDATE agreement SET next_action = ?, expires_at = ?, due_at = ? WHERE id = ? AND state = 'pending'";
    await this.db.run(sql, [nextAction, expiresAt, dueAt, id]);
  }

  /** @returns whether this call moved it */
  async activate(id: string, signed: Signed, evidence: string): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      if (!(await begin(tx, 'agreement', id, { from: ['pending'], to: 'active', evidence }))) return false;
      await tx.run(
        `UPDATE agreement SET state = 'active', ref_sealed = ?, account_tail = ?, bank_name = ?, verified = ?, due_at = NULL,
          signed_at = COALESCE(signed_at, UTC_TIMESTAMP(3)), ${COOLS}, next_action = NULL, version = version + 1,
          updated_at = UTC_TIMESTAMP(3) WHERE id = ?`,
        [
          ...[signed.refSealed, signed.accountTail, signed.bankName, signed.verified],
          ...[...coolingParams(signed.cooling), id],
        ],
      );
      return true;
    });
  }

  /** @param unsign whether its provider has to be told; `none` when the provider itself has said so */
  async end(id: string, evidence: string, unsign: 'none' | 'due' | 'done' = 'none'): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      if (!(await begin(tx, 'agreement', id, { from: agreementsIn('ended'), to: 'ended', evidence }))) return false;
      const sql = `UPDATE agreement SET state = 'ended', due_at = NULL, next_action = NULL, frozen_until = NULL,
        frozen_by = NULL, preferred = 0, unsign = ?, unsign_due = IF(? = 'due', UTC_TIMESTAMP(3), NULL),
        version = version + 1, updated_at = UTC_TIMESTAMP(3) WHERE id = ?`;
      await tx.run(sql, [unsign, unsign, id]);
      return true;
    });
  }

  /** Ended here, and its provider has not said yet that it has ended there. */
  unsignDue(limit: number): Promise<AgreementRow[]> {
    const sql = `SELECT * FROM agreement FORCE INDEX (agreement_unsign)
      WHERE unsign IN ('due', 'unknown') AND unsign_due <= UTC_TIMESTAMP(3) ORDER BY unsign_due LIMIT ?`;
    return this.rows(sql, [limit]);
  }

  async claimUnsign(row: AgreementRow, next: Date | null): Promise<boolean> {
    const sql = `UPDATE agreement SET unsign_due = ?, unsign_tries = unsign_tries + 1, unsign = IF(? IS NULL, 'stuck', unsign)
      WHERE id = ? AND unsign IN ('due', 'unknown') AND unsign_due = ?`;
    return (await this.db.run(sql, [next, next, row.id, row.unsign_due])) === 1;
  }

  /** Its provider says that it is signed, and here it ended without ever having been: it has to end there, too. */
  async signedTooLate(id: string, refSealed: string): Promise<void> {
    const sql = `UPDATE agreement SET unsign = 'due', unsign_due = UTC_TIMESTAMP(3), ref_sealed = COALESCE(ref_sealed, ?)
      WHERE id = ? AND state = 'ended' AND unsign = 'none' AND signed_at IS NULL`;
    await this.db.run(sql, [refSealed, id]);
  }

  async unsigned(id: string, word: 'done' | 'unknown'): Promise<void> {
    const sql = `UPDATE agreement SET unsign = ?, unsign_due = IF(? = 'done', NULL, unsign_due)
      WHERE id = ? AND unsign IN ('due', 'unknown', 'stuck')`;
    await this.db.run(sql, [word, word, id]);
  }

  /** By the number that its provider gave it. */
  async theirs(provider: string, providerNo: string): Promise<AgreementRow | undefined> {
    const sql = 'SELECT * FROM agreement WHERE provider = ? AND provider_no = ? ORDER BY created_at DESC LIMIT 1';
    return (await this.rows<AgreementRow>(sql, [provider, providerNo]))[0];
  }

  /** @returns whether it stood as it was read */
  async setLimits(row: AgreementRow, limits: { payment: bigint; day: bigint; month: bigint }): Promise<boolean> {
    const sql = `UPDATE agreement SET limit_payment = ?, limit_day = ?, limit_month = ?, updated_at = UTC_TIMESTAMP(3)
      WHERE id = ? AND version = ? AND state IN ('active', 'frozen')`;
    const { payment, day, month } = limits;
    return (await this.db.run(sql, [payment, day, month, row.id, row.version])) === 1;
  }

  async findLinked(id: string): Promise<LinkedRow | undefined> {
    return (await this.rows<LinkedRow>('SELECT * FROM linked_number WHERE id = ?', [id]))[0];
  }

  /** The agreement's standing with a number: its active link, else its latest. */
  async linkedFor(agreementId: string, blind: string): Promise<LinkedRow | null> {
    const sql = `SELECT * FROM linked_number WHERE agreement_id = ? AND msisdn_blind = ?
      ORDER BY state = 'active' DESC, created_at DESC LIMIT 1`;
    return (await this.rows<LinkedRow>(sql, [agreementId, blind]))[0] ?? null;
  }

  /** Family of a payer, refused and ended ones left out. */
  familyOf(payerBlind: string): Promise<LinkedRow[]> {
    const sql =
      "SELECT * FROM linked_number WHERE payer_blind = ? AND state IN ('pending_consent', 'active') ORDER BY created_at, id";
    return this.rows(sql, [payerBlind]);
  }

  /** Questions that a number has not answered yet. */
  asked(blind: string): Promise<LinkedRow[]> {
    const sql = `SELECT * FROM linked_number WHERE msisdn_blind = ? AND state = 'pending_consent' AND expires_at > UTC_TIMESTAMP(3)
      ORDER BY created_at`;
    return this.rows(sql, [blind]);
  }

  /** Who pays for a number, or has asked to. */
  payersOf(blind: string): Promise<LinkedRow[]> {
    const sql = `SELECT * FROM linked_number WHERE msisdn_blind = ?
      AND (state = 'active' OR (state = 'pending_consent' AND expires_at > UTC_TIMESTAMP(3))) ORDER BY created_at, id`;
    return this.rows(sql, [blind]);
  }

  activeFor(blind: string): Promise<LinkedRow[]> {
    return this.rows("SELECT * FROM linked_number WHERE msisdn_blind = ? AND state = 'active'", [blind]);
  }

  /** How many numbers a main number has linked or asked. */
  async countLinked(payerBlind: string): Promise<number> {
    const rows = await this.db.select<{ n: bigint }>(
      `SELECT COUNT(*) AS n FROM linked_number WHERE payer_blind = ?
        AND (state = 'active' OR (state = 'pending_consent' AND expires_at > UTC_TIMESTAMP(3)))`,
      [payerBlind],
    );
    return Number(rows[0]?.n ?? 0n);
  }

  async setLinkedLimit(id: string, month: bigint): Promise<void> {
    const sql = `UPDATE linked_number SET limit_month = ?, updated_at = UTC_TIMESTAMP(3)
      WHERE id = ? AND state IN ('pending_consent', 'active')`;
    await this.db.run(sql, [month, id]);
  }

  /** @returns whether this call moved it */
  async moveLinked(
    id: string,
    [from, to]: readonly [from: LinkedNumberState, to: LinkedNumberState],
    evidence: string,
    cooling: Cooling | null = null,
  ): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      if (!linkedIn(to).includes(from)) throw new Error(`linked number: ${from} does not lead to ${to}`);
      if (!(await begin(tx, 'linked_number', id, { from: [from], to, evidence }))) return false;
      const cools = cooling ? `, ${COOLS}` : '';
      const sql = `UPDATE linked_number SET state = ?${cools}, version = version + 1, updated_at = UTC_TIMESTAMP(3)
        WHERE id = ?`;
      await tx.run(sql, [to, ...(cooling ? coolingParams(cooling) : []), id]);
      return true;
    });
  }

  private async rows<T extends object>(sql: string, params: readonly unknown[]): Promise<T[]> {
    return (await this.db.select(sql, params)) as unknown as T[];
  }
}
