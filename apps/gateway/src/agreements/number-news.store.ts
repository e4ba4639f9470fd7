import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import type { Statement } from '@yidian/journal';
import { endRestingRules, releaseRestingRules, restRules } from '../auto-topup/hand-over.store';
import { DB } from '../platform';
import type { AgreementState, LinkedNumberState } from './agreement.schema';
import { agreementsIn, linkedIn } from './agreement.states';
import type { AgreementRow, LinkedRow } from './agreements.store';
import type { FreezeCause, LastingCause } from './number-effect';

const FEED = 'subscriber_events';

/** What ends with an agreement; the provider is asked to end its side where it has one. */
const ENDING = `due_at = NULL, next_action = NULL, frozen_until = NULL, frozen_by = NULL, preferred = 0,
  unsign = IF(ref_sealed IS NULL, 'none', 'due'), unsign_due = IF(ref_sealed IS NULL, NULL, UTC_TIMESTAMP(3))`;

/** What made a move, and until when what it ends was made: a number's next holder agrees anew. */
export interface Evidence {
  text: string;
  before: Date;
}

/**
 * Statements of moves by number. They name states and no rows read before, so that whatever is there when they run moves, and
 * each writes the history of exactly what it moves.
 */
@Injectable()
export class NumberNewsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async position(): Promise<bigint> {
    const rows = await this.db.select<{ position: bigint }>('SELECT position FROM feed_cursor WHERE feed = ?', [FEED]);
    return rows[0]?.position ?? 0n;
  }

  /** Never back: two processes read the feed at once. */
  advance(to: bigint): Statement {
    return { sql: 'UPDATE feed_cursor SET position = GREATEST(position, ?) WHERE feed = ?', params: [to, FEED] };
  }

  async passOver(to: bigint): Promise<void> {
    const { sql, params } = this.advance(to);
    await this.db.run(sql, params);
  }

  /** Which of these numbers something is agreed for. */
  async concerned(blinds: readonly string[]): Promise<Set<string>> {
    if (blinds.length === 0) return new Set();
    const agreed = agreementsIn('ended');
    const linked = linkedIn('ended');
    const rows = await this.db.select<{ blind: string }>(
      `SELECT msisdn_blind AS blind FROM agreement WHERE msisdn_blind IN (?) AND state IN (?)
       UNION SELECT msisdn_blind FROM linked_number WHERE msisdn_blind IN (?) AND state IN (?)
       UNION SELECT payer_blind FROM linked_number WHERE payer_blind IN (?) AND state IN (?)
       UNION SELECT payer_blind FROM auto_rule WHERE payer_blind IN (?) AND state <> 'ended'`,
      [blinds, agreed, blinds, linked, blinds, linked, blinds],
    );
    return new Set(rows.map(({ blind }) => blind));
  }

  async agreements(blind: string, states: readonly AgreementState[], before: Date): Promise<AgreementRow[]> {
    const sql = 'SELECT * FROM agreement WHERE msisdn_blind = ? AND state IN (?) AND created_at <= ? ORDER BY id';
    return (await this.db.select(sql, [blind, states, before])) as unknown as AgreementRow[];
  }

  /** Numbers that this one may pay for, and agreements that may pay for it. */
  async linked(blind: string, before: Date): Promise<LinkedRow[]> {
    const sql = `SELECT * FROM linked_number WHERE msisdn_blind = ? AND state IN (?) AND created_at <= ?
      UNION SELECT * FROM linked_number WHERE payer_blind = ? AND state IN (?) AND created_at <= ? ORDER BY id`;
    const states = linkedIn('ended');
    return (await this.db.select(sql, [blind, states, before, blind, states, before])) as unknown as LinkedRow[];
  }

  end(blind: string, evidence: Evidence): Statement[] {
    const states = agreementsIn('ended');
    return [
      ...this.move('agreement', 'msisdn_blind', blind, states, 'ended', evidence, { set: ENDING }),
      ...this.endLinked(blind, evidence),
    ];
  }

  /** Links end, and what was only being signed; agreements and standing orders rest for this cause, whatever they rested for. */
  handOver(blind: string, until: Date, evidence: Evidence): Statement[] {
    return [
      ...this.move('agreement', 'msisdn_blind', blind, ['pending'], 'ended', evidence, { set: ENDING }),
      {
        sql: `UPDATE agreement SET frozen_until = GREATEST(COALESCE(frozen_until, ?), ?), frozen_by = 'owner_changed'
          WHERE msisdn_blind = ? AND state = 'frozen' AND created_at <= ?`,
        params: [until, until, blind, evidence.before],
      },
      ...this.move('agreement', 'msisdn_blind', blind, agreementsIn('frozen'), 'frozen', evidence, {
        set: "frozen_until = ?, frozen_by = 'owner_changed'",
        params: [until],
      }),
      ...this.endLinked(blind, evidence),
      ...restRules(blind, evidence.before),
    ];
  }

  private endLinked(blind: string, evidence: Evidence): Statement[] {
    return [
      ...this.move('linked_number', 'msisdn_blind', blind, linkedIn('ended'), 'ended', evidence),
      ...this.move('linked_number', 'payer_blind', blind, linkedIn('ended'), 'ended', evidence),
    ];
  }

  /** What rests already rests longer, and for the graver cause. */
  freeze(blind: string, until: Date, by: FreezeCause, evidence: Evidence): Statement[] {
    return [
      {
        sql: `UPDATE agreement SET frozen_until = GREATEST(frozen_until, ?),
          frozen_by = CASE WHEN frozen_by IN ('returned', 'bank_file', 'legal', 'owner_changed') THEN frozen_by WHEN ? = 'sim_changed' THEN ? ELSE frozen_by END
          WHERE msisdn_blind = ? AND state = 'frozen'`,
        params: [until, by, by, blind],
      },
      ...this.move('agreement', 'msisdn_blind', blind, agreementsIn('frozen'), 'frozen', evidence, {
        set: 'frozen_until = ?, frozen_by = ?',
        params: [until, by],
      }),
    ];
  }

  release(blind: string, by: FreezeCause, evidence: Evidence): Statement[] {
    return this.move('agreement', 'msisdn_blind', blind, ['frozen'], 'active', evidence, {
      set: 'frozen_until = NULL, frozen_by = NULL',
      where: 'frozen_by = ?',
      whereParams: [by],
    });
  }

  /**
   * One agreement, until somebody releases it: whatever else it was frozen for would end sooner, and as it was. What its number
   * changed hands for ends with its time.
   */
  freezeOne(id: string, evidence: Evidence, by: LastingCause = 'returned'): Statement[] {
    return [
      {
        sql: `UPDATE agreement SET frozen_until = NULL, frozen_by = ?
          WHERE id = ? AND state = 'frozen' AND frozen_by <> 'owner_changed'`,
        params: [by, id],
      },
      ...this.move('agreement', 'id', id, agreementsIn('frozen'), 'frozen', evidence, {
        set: 'frozen_until = NULL, frozen_by = ?',
        params: [by],
      }),
    ];
  }

  releaseOne(row: AgreementRow, evidence: Evidence, by: FreezeCause = 'returned'): Statement[] {
    const moves = this.move('agreement', 'id', row.id, ['frozen'], 'active', evidence, {
      set: 'frozen_until = NULL, frozen_by = NULL',
      where: 'version = ? AND frozen_by = ?',
      whereParams: [row.version, by],
    });
    return by === 'owner_changed' ? [...moves, releaseRestingRules(row.msisdn_blind)] : moves;
  }

  async thawed(limit: number): Promise<AgreementRow[]> {
    const sql = `SELECT * FROM agreement FORCE INDEX (agreement_frozen)
      WHERE state = 'frozen' AND frozen_until <= UTC_TIMESTAMP(3) ORDER BY frozen_until LIMIT ?`;
    return (await this.db.select(sql, [limit])) as unknown as AgreementRow[];
  }

  /** As it was before; of a number that changed hands: ended. */
  thaw(row: AgreementRow, to: 'active' | 'ended', evidence: Evidence): Statement[] {
    const moves = this.move('agreement', 'id', row.id, ['frozen'], to, evidence, {
      set: to === 'ended' ? ENDING : 'frozen_until = NULL, frozen_by = NULL',
      where: 'version = ? AND frozen_until <= UTC_TIMESTAMP(3)',
      whereParams: [row.version],
    });
    return to === 'ended' ? [...moves, endRestingRules(row.msisdn_blind)] : moves;
  }

  private move(
    table: 'agreement' | 'linked_number',
    column: 'id' | 'msisdn_blind' | 'payer_blind',
    value: string,
    from: readonly (AgreementState | LinkedNumberState)[],
    to: AgreementState | LinkedNumberState,
    evidence: Evidence,
    more: { set?: string; params?: unknown[]; where?: string; whereParams?: unknown[] } = {},
  ): Statement[] {
    const where = `${column} = ? AND state IN (?) AND created_at <= ?${more.where ? ` AND ${more.where}` : ''}`;
    const which = [value, from, evidence.before, ...(more.whereParams ?? [])];
    return [
      {
        sql: `INSERT INTO agreement_move (object_id, version, from_state, to_state, evidence, at)
          SELECT id, version + 1, state, ?, ?, UTC_TIMESTAMP(3) FROM ${table} WHERE ${where}`,
        params: [to, evidence.text, ...which],
      },
      {
        sql: `UPDATE ${table} SET state = ?, version = version + 1, updated_at = UTC_TIMESTAMP(3)${more.set ? `, ${more.set}` : ''}
          WHERE ${where}`,
        params: [to, ...(more.params ?? []), ...which],
      },
    ];
  }
}
