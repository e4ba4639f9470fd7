import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../reconciliation.config';

/** Where the round over a branch's numbers is. */
export interface NumberSweep {
  branch: string;
  round: number;
  /** The last number that was asked about; empty: the round begins. */
  after: string;
  beganOn: string;
  asked: number;
  unanswered: number;
  different: number;
  /** The calendar day that `askedTonight` counts. */
  night: string;
  askedTonight: number;
  /** When the last round had gone over all of them, and how many these were; null: none has yet. */
  wholeOn: string | null;
  wholeAsked: number | null;
  updatedAt: Date;
}

const COLUMNS = `branch, round, after_number AS \`after\`, began_on AS beganOn, asked, unanswered, different, night,
  asked_tonight AS askedTonight, whole_on AS wholeOn, whole_asked AS wholeAsked, updated_at AS updatedAt`;

@Injectable()
export class NumberSweepsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** As it stands; a branch that has none begins its first round. */
  async of(branch: string, today: string): Promise<NumberSweep> {
    await this.db.run(
      `INSERT INTO number_sweep VALUES (?, 1, '', ?, 0, 0, 0, ?, 0, NULL, NULL, NOW(3)) ON DUPLICATE KEY UPDATE branch = branch`,
      [branch, today, today],
    );
    const [sweep] = await this.rows('WHERE branch = ?', [branch]);
    if (!sweep) throw new Error(`no sweep of ${branch}`);
    return sweep;
  }

  all(): Promise<NumberSweep[]> {
    return this.rows('ORDER BY branch', []);
  }

  /** From one place to the next, with what was found there. False: somebody else has moved it on. */
  async move(tx: Queryable, from: NumberSweep, to: NumberSweep): Promise<boolean> {
    const moved = await tx.run(
      `UPDATE number_sweep SET round = ?, after_number = ?, began_on = ?, asked = ?, unanswered = ?, different = ?, night = ?,
         asked_tonight = ?, whole_on = ?, whole_asked = ?, updated_at = NOW(3)
       WHERE branch = ? AND round = ? AND after_number = ?`,
      [
        ...[to.round, to.after, to.beganOn, to.asked, to.unanswered, to.different, to.night],
        ...[to.askedTonight, to.wholeOn, to.wholeAsked, from.branch, from.round, from.after],
      ],
    );
    return moved === 1;
  }

  private async rows(tail: string, params: readonly unknown[]): Promise<NumberSweep[]> {
    const rows = await this.db.select<
      Omit<NumberSweep, 'asked' | 'unanswered' | 'different' | 'wholeAsked'> &
        Record<'asked' | 'unanswered' | 'different', bigint> & { wholeAsked: bigint | null } & Row
    >(`SELECT ${COLUMNS} FROM number_sweep ${tail}`, params);
    return rows.map((row) => ({
      ...row,
      ...{ asked: Number(row.asked), unanswered: Number(row.unanswered), different: Number(row.different) },
      wholeAsked: row.wholeAsked === null ? null : Number(row.wholeAsked),
    }));
  }
}
