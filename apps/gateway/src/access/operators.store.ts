import { Inject, Injectable } from '@nestjs/common';
import type { Row } from '@yidian/database';
import { DB, type Db } from '../platform';
import type { Role } from './caller';

export interface OperatorRow {
  username: string;
  name: string;
  roles: Role[];
  branch: string | null;
  passwordHash: string;
  totpSealed: string;
  state: 'active' | 'stopped';
}

@Injectable()
export class OperatorsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async find(username: string): Promise<OperatorRow | undefined> {
    const [row] = await this.db.select(
      'SELECT username, name, roles, branch, password_hash, totp_sealed, state FROM operator WHERE username = ?',
      [username],
    );
    return row && operatorOf(row);
  }

  /** Leaves an existing operator as it is. */
  async insertMissing(operator: OperatorRow, demo: boolean, now: Date): Promise<void> {
    const { username, name, roles, branch, passwordHash, totpSealed, state } = operator;
    await this.db.run(
      `INSERT INTO operator (username, name, roles, branch, password_hash, totp_sealed, totp_last_step, state, demo,
                             created_at)
       VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?) ON DUPLICATE KEY UPDATE username = username`,
      [username, name, JSON.stringify(roles), branch, passwordHash, totpSealed, state, demo, now],
    );
  }

  /** First operator of a demonstration, or null. */
  async findDemo(): Promise<string | null> {
    const [row] = await this.db.select('SELECT username FROM operator WHERE demo = 1 LIMIT 1');
    return row ? `operator ${String(row['username'])}` : null;
  }

  /** A one-time code is good once: false when this step or a later one was used before. */
  async useTotpStep(username: string, step: number): Promise<boolean> {
    const sql = 'UPDATE operator SET totp_last_step = ? WHERE username = ? AND totp_last_step < ?';
    return (await this.db.run(sql, [step, username, step])) === 1;
  }

  async lockedUntil(subject: string): Promise<Date | null> {
    const [row] = await this.db.select('SELECT locked_until FROM sign_in_throttle WHERE subject = ?', [subject]);
    return row ? (row['locked_until'] as Date) : null;
  }

  /** @param lockFor seconds by number of failures so far, this one included */
  async countFailure(subject: string, now: Date, lockFor: (failures: number) => number): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.run(
        `INSERT INTO sign_in_throttle (subject, failures, locked_until) VALUES (?, 1, ?)
         ON DUPLICATE KEY UPDATE failures = failures + 1`,
        [subject, now],
      );
      const [row] = await tx.select('SELECT failures FROM sign_in_throttle WHERE subject = ? FOR UPDATE', [subject]);
      const until = new Date(now.getTime() + lockFor(row ? (row['failures'] as number) : 1) * 1000);
      await tx.run('UPDATE sign_in_throttle SET locked_until = ? WHERE subject = ?', [until, subject]);
    });
  }

  async clearFailures(subject: string): Promise<void> {
    await this.db.run('DELETE FROM sign_in_throttle WHERE subject = ?', [subject]);
  }
}

function operatorOf(row: Row): OperatorRow {
  return {
    username: String(row['username']),
    name: String(row['name']),
    roles: JSON.parse(String(row['roles'])) as Role[],
    branch: row['branch'] as string | null,
    passwordHash: String(row['password_hash']),
    totpSealed: String(row['totp_sealed']),
    state: row['state'] as OperatorRow['state'],
  };
}
