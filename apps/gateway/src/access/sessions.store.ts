import { Inject, Injectable } from '@nestjs/common';
import { DB, type Db } from '../platform';

/** Sessions of both kinds: a row under the hash of its token, so that a copy of the table lets nobody in. */
export interface SessionTimes {
  now: Date;
  /** End whatever happens. */
  expiresAt: Date;
}

@Injectable()
export class SessionsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async openOperator(tokenHash: string, id: string, username: string, times: SessionTimes): Promise<void> {
    await this.db.run(
      `INSERT INTO operator_session (token_hash, id, username, created_at, seen_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)`,
      [tokenHash, id, username, times.now, times.now, times.expiresAt],
    );
  }

  async findOperator(
    tokenHash: string,
  ): Promise<{ id: string; username: string; seenAt: Date; expiresAt: Date } | undefined> {
    const [row] = await this.db.select(
      'SELECT id, username, seen_at, expires_at FROM operator_session WHERE token_hash = ?',
      [tokenHash],
    );
    return (
      row && {
        id: String(row['id']),
        username: String(row['username']),
        seenAt: row['seen_at'] as Date,
        expiresAt: row['expires_at'] as Date,
      }
    );
  }

  async openCustomer(
    session: { tokenHash: string; id: string; sealed: string; blind: string },
    times: SessionTimes,
  ): Promise<void> {
    await this.db.run(
      `INSERT INTO portal_session (token_hash, id, msisdn_sealed, msisdn_blind, created_at, seen_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [session.tokenHash, session.id, session.sealed, session.blind, times.now, times.now, times.expiresAt],
    );
  }

  async findCustomer(
    tokenHash: string,
  ): Promise<{ id: string; sealed: string; seenAt: Date; expiresAt: Date } | undefined> {
    const [row] = await this.db.select(
      'SELECT id, msisdn_sealed, seen_at, expires_at FROM portal_session WHERE token_hash = ?',
      [tokenHash],
    );
    return (
      row && {
        id: String(row['id']),
        sealed: String(row['msisdn_sealed']),
        seenAt: row['seen_at'] as Date,
        expiresAt: row['expires_at'] as Date,
      }
    );
  }

  async touch(table: SessionTable, tokenHash: string, now: Date): Promise<void> {
    await this.db.run(`UPDATE ${table} SET seen_at = ? WHERE token_hash = ?`, [now, tokenHash]);
  }

  async end(table: SessionTable, tokenHash: string): Promise<void> {
    await this.db.run(`DELETE FROM ${table} WHERE token_hash = ?`, [tokenHash]);
  }

  /** Sessions past their end, a bounded number at a time. */
  async sweep(table: SessionTable, now: Date): Promise<number> {
    return this.db.run(`DELETE FROM ${table} WHERE expires_at < ? LIMIT 500`, [now]);
  }
}

export type SessionTable = 'operator_session' | 'portal_session';
