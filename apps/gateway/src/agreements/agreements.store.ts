import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import type { Statement } from '@yidian/journal';
import { DB } from '../platform';
import type { AgreementState, LinkedNumberState } from './agreement.schema';
import type { FreezeCause } from './number-effect';

export interface AgreementRow {
  id: string;
  partner: string;
  reference: string;
  provider: string;
  state: AgreementState;
  msisdn_masked: string;
  msisdn_blind: string;
  msisdn_sealed: string;
  branch: string;
  /** The provider's own name of it: who knows it could ask for money, so it is sealed. */
  ref_sealed: string | null;
  account_tail: string | null;
  bank_name: string;
  limit_payment: bigint;
  limit_day: bigint;
  limit_month: bigint;
  currency: string;
  next_action: string | null;
  expires_at: Date;
  tries: number;
  due_at: Date | null;
  created_at: Date;
  updated_at: Date;
  /** Counts its moves; each is told to its partner under this number. */
  version: number;
  frozen_until: Date | null;
  frozen_by: FreezeCause | null;
  /** 1: its holder's usual one, where he has several. */
  preferred: number;
}

export interface LinkedRow {
  id: string;
  agreement_id: string;
  partner: string;
  state: LinkedNumberState;
  msisdn_masked: string;
  msisdn_blind: string;
  msisdn_sealed: string;
  payer_blind: string;
  subscriber_id: string;
  branch: string;
  branch_name: string;
  nickname: string;
  limit_month: bigint;
  currency: string;
  code_hash: string;
  sent_at: Date;
  expires_at: Date;
  created_at: Date;
  updated_at: Date;
  /** Counts its moves. */
  version: number;
}

/** One INSERT, for writing in a lane beside the key that guards it. */
export function insertRow(table: 'agreement' | 'linked_number', row: AgreementRow | LinkedRow): Statement {
  const columns = Object.keys(row);
  return { sql: `INSERT INTO ${table} (${columns.join(', ')}) VALUES (?)`, params: [Object.values(row)] };
}

export interface Signed {
  refSealed: string;
  accountTail: string;
  bankName: string;
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
  async activate(id: string, signed: Signed): Promise<boolean> {
    const matched = await this.db.run(
      `UPDATE agreement SET state = 'active', ref_sealed = ?, account_tail = ?, bank_name = ?, due_at = NULL,
        next_action = NULL, version = version + 1, updated_at = UTC_TIMESTAMP(3) WHERE id = ? AND state = 'pending'`,
      [signed.refSealed, signed.accountTail, signed.bankName, id],
    );
    return matched === 1;
  }

  async end(id: string): Promise<boolean> {
    const sql = `UPDATE agreement SET state = 'ended', due_at = NULL, next_action = NULL, frozen_until = NULL,
      frozen_by = NULL, version = version + 1, updated_at = UTC_TIMESTAMP(3)
      WHERE id = ? AND state <> 'ended'`;
    return (await this.db.run(sql, [id])) === 1;
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

  activeFor(blind: string): Promise<LinkedRow[]> {
    return this.rows("SELECT * FROM linked_number WHERE msisdn_blind = ? AND state = 'active'", [blind]);
  }

  /** @returns whether this call moved it */
  async moveLinked(id: string, from: LinkedNumberState, to: LinkedNumberState): Promise<boolean> {
    const sql =
      'UPDATE linked_number SET state = ?, version = version + 1, updated_at = UTC_TIMESTAMP(3) WHERE id = ? AND state = ?';
    return (await this.db.run(sql, [to, id, from])) === 1;
  }

  private async rows<T extends object>(sql: string, params: readonly unknown[]): Promise<T[]> {
    return (await this.db.select(sql, params)) as unknown as T[];
  }
}
