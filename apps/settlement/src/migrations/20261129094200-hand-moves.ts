import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Money that people move: what one proposed, another decided, and what came of it. */
export class HandMoves1795945320000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE hand_move (
      id VARCHAR(40) NOT NULL,
      state VARCHAR(10) NOT NULL,
      move TEXT NOT NULL,
      reason VARCHAR(200) NOT NULL,
      evidence VARCHAR(1000) NOT NULL,
      detail VARCHAR(300) NOT NULL,
      proposed_by VARCHAR(64) NOT NULL,
      proposed_at DATETIME(3) NOT NULL,
      decided_by VARCHAR(64) NOT NULL,
      decided_at DATETIME(3) NULL,
      PRIMARY KEY (id),
      KEY hand_move_state (state, decided_at),
      KEY hand_move_proposed (proposed_at),
      CHECK (state IN ('proposed', 'approved', 'done', 'refused', 'rejected')),
      CHECK (decided_by <> proposed_by OR decided_by = '')
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}
