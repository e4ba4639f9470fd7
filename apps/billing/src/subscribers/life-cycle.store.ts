import { Inject, Injectable } from '@nestjs/common';
import type { ChangeKind, ChangeOutcome, SuspendReason } from '@yidian/contracts';
import type { Db, Queryable } from '@yidian/database';
import { DB } from '../resources/db';
import type { LifeState } from './life-cycle';

export interface EventRow extends Record<string, unknown> {
  id: bigint;
  kind: ChangeKind;
  at: Date;
  recordedAt: Date;
  msisdn: string;
  subscriberId: string;
  /** Who held the number until then, when somebody else does now. */
  formerSubscriberId: string | null;
  branch: string;
  ownerVersion: number;
  status: LifeState;
  suspendReason: SuspendReason | '';
  balance: bigint | null;
  source: string;
}

export interface StatusRow extends Record<string, unknown> {
  subscriberId: string;
  validFrom: Date;
  /** 0: as registered. */
  eventId: bigint;
  status: LifeState;
  suspendReason: SuspendReason | '';
  source: string;
}

/** Who held a number from when until when. */
export interface OwnerRow extends Record<string, unknown> {
  msisdn: string;
  subscriberId: string;
  branch: string;
  ownerVersion: number;
  validFrom: Date;
  /** Exclusive; null: still. */
  validTo: Date | null;
}

/** What was answered to a key. */
export interface ToldRow extends Record<string, unknown> {
  source: string;
  key: string;
  inputHash: Buffer;
  outcome: ChangeOutcome;
  eventId: bigint | null;
  msisdn: string;
  kind: ChangeKind;
  at: Date;
}

@Injectable()
export class LifeCycleStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async told(tx: Queryable, source: string, key: string): Promise<ToldRow | undefined> {
    const rows = await tx.select<ToldRow>(
      `SELECT source, change_key AS \`key\`, input_hash AS inputHash, outcome, event_id AS eventId, msisdn, kind, at
       FROM number_change WHERE source = ? AND change_key = ?`,
      [source, key],
    );
    return rows[0];
  }

  /** Whoever tells the same key at the same time meets the primary key (1062). */
  async remember(tx: Queryable, row: ToldRow, now: Date): Promise<void> {
    await tx.run(
      `INSERT INTO number_change (source, change_key, input_hash, outcome, event_id, msisdn, kind, at, recorded_at)
       VALUES (?)`,
      [[row.source, row.key, row.inputHash, row.outcome, row.eventId, row.msisdn, row.kind, row.at, now]],
    );
  }

  /**
   * The ids of the next events. Their one counter row stays locked until the transaction ends, so ids are committed in
   * their order and without gaps: a reader that sees an event has seen, or can see, all before it. Taken last in a
   * transaction, since all changes of numbers wait for each other here.
   */
  async takeEventIds(tx: Queryable, count: number): Promise<bigint[]> {
    const [head] = await tx.select<{ last: bigint }>('SELECT last FROM subscriber_event_head WHERE id = 1 FOR UPDATE');
    if (!head) throw new Error('subscriber_event_head has no row');
    await tx.run('UPDATE subscriber_event_head SET last = last + ? WHERE id = 1', [count]);
    return Array.from({ length: count }, (_, n) => head.last + BigInt(n + 1));
  }

  async addEvents(tx: Queryable, rows: readonly EventRow[]): Promise<void> {
    await tx.run(
      `INSERT INTO subscriber_event (id, kind, at, recorded_at, msisdn, subscriber_id, former_subscriber_id, branch,
        owner_version, status, suspend_reason, balance, source) VALUES ?`,
      [
        rows.map((row) => [
          row.id,
          row.kind,
          row.at,
          row.recordedAt,
          row.msisdn,
          row.subscriberId,
          row.formerSubscriberId,
          row.branch,
          row.ownerVersion,
          row.status,
          row.suspendReason,
          row.balance,
          row.source,
        ]),
      ],
    );
  }

  async addStatuses(tx: Queryable, rows: readonly StatusRow[]): Promise<void> {
    await tx.run(
      'INSERT INTO subscriber_status (subscriber_id, valid_from, event_id, status, suspend_reason, source) VALUES ?',
      [rows.map((row) => [row.subscriberId, row.validFrom, row.eventId, row.status, row.suspendReason, row.source])],
    );
  }

  /** Every subscriber that ever held one of the numbers. */
  async owners(msisdns: readonly string[]): Promise<OwnerRow[]> {
    return this.db.select<OwnerRow>(
      `SELECT msisdn, subscriber_id AS subscriberId, branch, owner_version AS ownerVersion, valid_from AS validFrom,
        valid_to AS validTo FROM number_owner WHERE msisdn IN (?)`,
      [msisdns],
    );
  }

  async statuses(subscriberIds: readonly string[]): Promise<StatusRow[]> {
    if (subscriberIds.length === 0) return [];
    return this.db.select<StatusRow>(
      `SELECT subscriber_id AS subscriberId, valid_from AS validFrom, event_id AS eventId, status,
        suspend_reason AS suspendReason, source FROM subscriber_status WHERE subscriber_id IN (?)`,
      [subscriberIds],
    );
  }

  async eventsAfter(after: bigint, limit: number): Promise<EventRow[]> {
    return this.db.select<EventRow>(
      `SELECT id, kind, at, recorded_at AS recordedAt, msisdn, subscriber_id AS subscriberId,
        former_subscriber_id AS formerSubscriberId, branch, owner_version AS ownerVersion, status,
        suspend_reason AS suspendReason, balance, source
       FROM subscriber_event WHERE id > ? ORDER BY id LIMIT ?`,
      [after, limit],
    );
  }
}
