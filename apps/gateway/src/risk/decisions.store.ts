import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable } from '@yidian/database';
import { newId } from '@yidian/http';
import { DB } from '../platform';

/** Something that was decided about a number, for whoever asks why: an entry of its time line. */
export interface Decision {
  /** Whose time line it stands in: blind indexes of the numbers it concerns. */
  about: readonly string[];
  kind: 'auto_topup' | 'risk' | 'batch';
  state: string;
  /** Never a whole number or account. */
  what: string;
  objectId: string;
  amount: bigint | null;
}

export interface DecisionLine {
  kind: Decision['kind'];
  state: string;
  what: string;
  object_id: string;
  amount: bigint | null;
  at: Date;
}

/** Beside the move it explains, in the same transaction. */
export async function writeDecision(tx: Queryable, decision: Decision): Promise<void> {
  const { kind, state, what, objectId, amount } = decision;
  const rows = [...new Set(decision.about)].map((about) => [
    ...[newId('dec'), about, kind, state, what.slice(0, 200), objectId, amount, new Date()],
  ]);
  if (rows.length === 0) return;
  await tx.run('INSERT INTO decision (id, about_blind, kind, state, what, object_id, amount, at) VALUES ?', [rows]);
}

@Injectable()
export class DecisionsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  add(decision: Decision): Promise<void> {
    return writeDecision(this.db, decision);
  }

  async about(blind: string, limit: number): Promise<DecisionLine[]> {
    const sql = `SELECT kind, state, what, object_id, amount, at FROM decision
      WHERE about_blind = ? ORDER BY at DESC LIMIT ?`;
    return (await this.db.select(sql, [blind, limit])) as unknown as DecisionLine[];
  }
}
