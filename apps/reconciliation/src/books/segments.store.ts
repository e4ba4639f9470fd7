import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../reconciliation.config';
import type { BookService } from './fact';
import { insertsOf } from './fact-rows';
import type { Segment } from './segment';

/** How far each lane was pulled, and how far it was loaded. Positions only grow. */
type Cursor = 'pull_cursor' | 'load_cursor';

/** Segments of the pulled books: taken in all day, loaded into book_fact at night. */
@Injectable()
export class SegmentsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  pulled(service: BookService): Promise<Map<number, bigint>> {
    return this.positions('pull_cursor', service);
  }

  loaded(service: BookService): Promise<Map<number, bigint>> {
    return this.positions('load_cursor', service);
  }

  pulledTo(service: BookService, laneId: number): Promise<bigint> {
    return position(this.db, 'pull_cursor', service, laneId);
  }

  loadedTo(service: BookService, laneId: number): Promise<bigint> {
    return position(this.db, 'load_cursor', service, laneId);
  }

  /**
   * A segment, already in the archive, and the cursor in one transaction. False when somebody else has moved the cursor: then
   * nothing was written.
   */
  async append(segment: Segment): Promise<boolean> {
    const { service, laneId, from, to, n, bytes, path, sha256 } = segment;
    await this.ensure('pull_cursor', service, laneId);
    return this.db.transaction(async (tx) => {
      if ((await position(tx, 'pull_cursor', service, laneId, 'FOR UPDATE')) !== from - 1n) return false;
      await tx.run(
        `INSERT INTO book_segment (service, lane_id, from_seq, to_seq, n, bytes, path, sha256, pulled_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, NOW(3))`,
        [service, laneId, from, to, n, bytes, path, sha256],
      );
      await move(tx, 'pull_cursor', segment, segment);
      return true;
    });
  }

  /** What follows a position, in order; it begins at the very next fact. */
  async after(service: BookService, laneId: number, seq: bigint, limit: number): Promise<Segment[]> {
    const rows = await this.db.select<{
      from_seq: bigint;
      to_seq: bigint;
      n: number;
      bytes: number;
      path: string;
      sha256: string;
    }>(
      `SELECT from_seq, to_seq, n, bytes, path, sha256 FROM book_segment
       WHERE service = ? AND lane_id = ? AND from_seq > ? ORDER BY from_seq LIMIT ?`,
      [service, laneId, seq, limit],
    );
    return rows.map(({ from_seq: from, to_seq: to, n, bytes, path, sha256 }) => ({
      ...{ service, laneId, from, to, n, bytes, path, sha256 },
    }));
  }

  /** Segments that hold a fact in (after, to], in order. */
  async covering(service: BookService, laneId: number, after: bigint, to: bigint): Promise<Segment[]> {
    const rows = await this.db.select<Row>(
      `SELECT from_seq, to_seq, n, bytes, path, sha256 FROM book_segment
       WHERE service = ? AND lane_id = ? AND to_seq > ? AND from_seq <= ? ORDER BY from_seq`,
      [service, laneId, after, to],
    );
    return rows.map((row) => ({
      ...{ service, laneId, from: row['from_seq'] as bigint, to: row['to_seq'] as bigint, n: row['n'] as number },
      ...{ bytes: row['bytes'] as number, path: row['path'] as string, sha256: row['sha256'] as string },
    }));
  }

  /**
   * The facts of segments that follow one another, and the cursor, in one transaction. False when somebody else has loaded
   * them: then nothing was written.
   */
  async load(first: Segment, last: Segment, texts: readonly string[]): Promise<boolean> {
    const { service, laneId } = first;
    await this.ensure('load_cursor', service, laneId);
    return this.db.transaction(async (tx) => {
      if ((await position(tx, 'load_cursor', service, laneId, 'FOR UPDATE')) !== first.from - 1n) return false;
      let rows = 0n;
      for (const text of texts)
        for (const insert of insertsOf(service, text)) {
          const written = await tx.run(insert.sql);
          if (written !== insert.rows) throw new Error(`${written} of ${insert.rows} facts were written`);
          rows += BigInt(insert.rows);
        }
      if (rows !== last.to - first.from + 1n)
        throw new Error(`segments of ${service} lane ${laneId} hold ${rows} facts`);
      await move(tx, 'load_cursor', first, last);
      return true;
    });
  }

  private async positions(cursor: Cursor, service: BookService): Promise<Map<number, bigint>> {
    const rows = await this.db.select<{ lane_id: number; seq: bigint }>(
      `SELECT lane_id, seq FROM ${cursor} WHERE service = ?`,
      [service],
    );
    return new Map(rows.map((row) => [row.lane_id, row.seq]));
  }

  private async ensure(cursor: Cursor, service: BookService, laneId: number): Promise<void> {
    await this.db.run(
      `INSERT INTO ${cursor} (service, lane_id, seq, updated_at) VALUES (?, ?, 0, NOW(3)) ON DUPLICATE KEY UPDATE seq = seq`,
      [service, laneId],
    );
  }
}

async function position(
  db: Queryable,
  cursor: Cursor,
  service: BookService,
  laneId: number,
  lock: '' | 'FOR UPDATE' = '',
): Promise<bigint> {
  const [row] = await db.select<{ seq: bigint }>(
    `SELECT seq FROM ${cursor} WHERE service = ? AND lane_id = ? ${lock}`,
    [service, laneId],
  );
  return row?.seq ?? 0n;
}

async function move(tx: Queryable, cursor: Cursor, first: Segment, last: Segment): Promise<void> {
  const moved = await tx.run(
    `UPDATE ${cursor} SET seq = ?, updated_at = NOW(3) WHERE service = ? AND lane_id = ? AND seq = ?`,
    [last.to, first.service, first.laneId, first.from - 1n],
  );
  if (moved !== 1) throw new Error('the cursor moved under its own lock');
}
