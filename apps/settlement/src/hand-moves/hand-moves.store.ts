import { Inject, Injectable } from '@nestjs/common';
import { handMove, type HandMoveView } from '@yidian/contracts';
import type { Db, Row } from '@yidian/database';
import { DB } from '../resources/tokens';

interface HandMoveRow extends Row {
  id: string;
  state: HandMoveView['state'];
  move: string;
  reason: string;
  evidence: string;
  detail: string;
  proposed_by: string;
  proposed_at: Date;
  decided_by: string;
}

@Injectable()
export class HandMovesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async add({ id, move, reason, evidence, proposedBy }: HandMoveView): Promise<void> {
    await this.db.run(
      `INSERT INTO hand_move (id, state, move, reason, evidence, detail, proposed_by, proposed_at, decided_by, decided_at)
       VALUES (?, 'proposed', ?, ?, ?, '', ?, ?, '', NULL)`,
      [id, JSON.stringify(move), reason, evidence, proposedBy, new Date()],
    );
  }

  async find(id: string): Promise<HandMoveView | null> {
    const rows = await this.db.select<HandMoveRow>('SELECT * FROM hand_move WHERE id = ?', [id]);
    return rows[0] ? fromRow(rows[0]) : null;
  }

  async list(limit: number): Promise<HandMoveView[]> {
    const rows = await this.db.select<HandMoveRow>('SELECT * FROM hand_move ORDER BY proposed_at DESC, id LIMIT ?', [
      limit,
    ]);
    return rows.map(fromRow);
  }

  /** Approved before that moment and not carried out: whoever approved them has died over it. */
  async approvedBefore(at: Date): Promise<HandMoveView[]> {
    const rows = await this.db.select<HandMoveRow>(
      "SELECT * FROM hand_move WHERE state = 'approved' AND decided_at < ? ORDER BY decided_at, id LIMIT 50",
      [at],
    );
    return rows.map(fromRow);
  }

  /** false: decided already, or by the one who proposed it. */
  async decide(id: string, state: 'approved' | 'rejected', by: string): Promise<boolean> {
    const decided = await this.db.run(
      `UPDATE hand_move SET state = ?, decided_by = ?, decided_at = ?
       WHERE id = ? AND state = 'proposed' AND proposed_by <> ?`,
      [state, by, new Date(), id, by],
    );
    return decided === 1;
  }

  async end(id: string, state: 'done' | 'refused', detail: string): Promise<void> {
    await this.db.run("UPDATE hand_move SET state = ?, detail = ? WHERE id = ? AND state = 'approved'", [
      ...[state, detail.slice(0, 300), id],
    ]);
  }
}

const fromRow = (row: HandMoveRow): HandMoveView => ({
  ...{ id: row.id, state: row.state, move: handMove.parse(JSON.parse(row.move)) },
  ...{ reason: row.reason, evidence: row.evidence, detail: row.detail, proposedBy: row.proposed_by },
  ...{ proposedAt: row.proposed_at.toISOString(), decidedBy: row.decided_by },
});
