import { Inject, Injectable } from '@nestjs/common';
import type { SuspendReason } from '@yidian/contracts';
import type { Db, Queryable } from '@yidian/database';
import type { BranchStatus } from '../branches/branch.entity';
import { DB } from '../resources/db';
import type { LifeState } from './life-cycle';
import type { Plan } from './subscriber.entity';

/** A subscriber as stored. */
export interface SubscriberRow extends Record<string, unknown> {
  id: string;
  msisdn: string;
  branch: string;
  owner: string;
  /** Empty: nobody has told a name yet; the next name told is its owner's. */
  ownerMark: string;
  ownerVersion: number;
  plan: Plan;
  status: LifeState;
  /** Empty unless suspended. */
  suspendReason: SuspendReason | '';
  /** When the change that led to its state happened; null: it never changed since it was registered. */
  statusAt: Date | null;
  registeredOn: string;
}

/** The subscriber that holds a number, and since when. */
export interface Holder extends SubscriberRow {
  validFrom: Date;
}

/** What of a subscriber and its branch decides whether a credit may be given. Amounts are minor units. */
export interface HomeRow extends Record<string, unknown> {
  id: string;
  msisdn: string;
  branch: string;
  plan: Plan;
  status: LifeState;
  suspendReason: SuspendReason | '';
  /** Read only while the number is being closed, else 0. */
  owed: bigint;
  ownerVersion: number;
  branchStatus: BranchStatus;
}

/** What a look-up says of the subscriber that holds a number, and whether its branch is open at that moment. */
export interface SeenHolder extends Record<string, unknown> {
  id: string;
  msisdn: string;
  branch: string;
  owner: string;
  ownerVersion: number;
  plan: Plan;
  status: LifeState;
  suspendReason: SuspendReason | '';
  branchStatus: BranchStatus;
}

const COLUMNS = `s.id, s.msisdn, s.branch, s.owner, s.owner_mark AS ownerMark, s.owner_version AS ownerVersion, s.plan,
  s.status, s.suspend_reason AS suspendReason, s.status_at AS statusAt, s.registered_on AS registeredOn`;

@Injectable()
export class SubscribersStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** The subscriber that holds each number now; a number has one holder at most. */
  holders(msisdns: readonly string[]): Promise<Holder[]> {
    return this.read(this.db, msisdns, '');
  }

  /** By number. One read, branch included; only what a look-up shows, since every column is decoded for each number. */
  async seenHolders(msisdns: readonly string[]): Promise<Map<string, SeenHolder>> {
    const rows = await this.db.select<SeenHolder>(
      `SELECT s.id, s.msisdn, s.branch, s.owner, s.owner_version AS ownerVersion, s.plan, s.status,
        s.suspend_reason AS suspendReason, b.status AS branchStatus
       FROM number_owner o FORCE INDEX (number_owner_open)
       STRAIGHT_JOIN subscriber s FORCE INDEX (PRIMARY) ON s.id = o.subscriber_id
       STRAIGHT_JOIN branch b FORCE INDEX (PRIMARY) ON b.code = s.branch
       WHERE o.msisdn IN (?) AND o.is_open = 1`,
      [msisdns],
    );
    const seen = new Map<string, SeenHolder>();
    for (const row of rows) seen.set(row.msisdn, row);
    return seen;
  }

  /** The same, kept from changing until the transaction ends. In the order of the numbers, so that two callers never wait in a ring. */
  lockHolders(tx: Queryable, msisdns: readonly string[]): Promise<Holder[]> {
    return this.read(tx, [...new Set(msisdns)].sort(), 'ORDER BY o.msisdn FOR UPDATE');
  }

  /** Forced, as in `read`: by the branches' index it would walk through every subscriber. */
  async homes(ids: readonly string[]): Promise<Map<string, HomeRow>> {
    const rows = await this.db.select<HomeRow & { owed: bigint | string | number }>(
      `SELECT s.id, s.msisdn, s.branch, s.plan, s.status, s.suspend_reason AS suspendReason,
        s.owner_version AS ownerVersion, CASE WHEN a.balance < 0 THEN -a.balance ELSE 0 END AS owed,
        b.status AS branchStatus
       FROM subscriber s FORCE INDEX (PRIMARY) STRAIGHT_JOIN branch b FORCE INDEX (PRIMARY) ON b.code = s.branch
       LEFT JOIN account a ON s.status = 'pre_closed' AND a.id = CONCAT('subscriber/', s.id, '/cash')
       WHERE s.id IN (?)`,
      [ids],
    );
    const homes = new Map<string, HomeRow>();
    for (const row of rows) {
      row.owed = BigInt(row.owed);
      homes.set(row.id, row);
    }
    return homes;
  }

  async insert(tx: Queryable, rows: readonly SubscriberRow[], now: Date): Promise<void> {
    await tx.run(
      `INSERT INTO subscriber (id, msisdn, branch, owner, owner_mark, owner_version, plan, status, suspend_reason,
        status_at, registered_on, updated_at) VALUES ?`,
      [
        rows.map((row) => [
          row.id,
          row.msisdn,
          row.branch,
          row.owner,
          row.ownerMark,
          row.ownerVersion,
          row.plan,
          row.status,
          row.suspendReason,
          row.statusAt,
          row.registeredOn,
          now,
        ]),
      ],
    );
  }

  async update(tx: Queryable, row: SubscriberRow, now: Date): Promise<void> {
    await tx.run(
      `UPDATE subscriber SET owner = ?, owner_mark = ?, owner_version = ?, plan = ?, status = ?, suspend_reason = ?,
        status_at = ?, updated_at = ? WHERE id = ?`,
      [row.owner, row.ownerMark, row.ownerVersion, row.plan, row.status, row.suspendReason, row.statusAt, now, row.id],
    );
  }

  /** A second holder meets the unique key (1062): somebody was faster. */
  async takeNumbers(tx: Queryable, rows: readonly SubscriberRow[], from: Date): Promise<void> {
    await tx.run(
      'INSERT INTO number_owner (msisdn, branch, subscriber_id, owner_version, valid_from, valid_to, is_open) VALUES ?',
      [rows.map((row) => [row.msisdn, row.branch, row.id, row.ownerVersion, from, null, 1])],
    );
  }

  /** Ends the holder's row; it stays, as what was true until then. False: the number moved meanwhile. */
  async letGo(tx: Queryable, holder: Holder, until: Date): Promise<boolean> {
    const matched = await tx.run(
      `UPDATE number_owner SET valid_to = ?, is_open = NULL WHERE msisdn = ? AND is_open = 1 AND subscriber_id = ?
        AND owner_version = ?`,
      [until, holder.msisdn, holder.id, holder.ownerVersion],
    );
    return matched === 1;
  }

  private read(
    from: Queryable,
    msisdns: readonly string[],
    lock: '' | 'ORDER BY o.msisdn FOR UPDATE',
  ): Promise<Holder[]> {
    return from.select<Holder>(
      // Forced: with stale statistics the optimiser scans a table, and a scan for update waits for other people's rows.
      `SELECT ${COLUMNS}, o.valid_from AS validFrom FROM number_owner o FORCE INDEX (number_owner_open)
       STRAIGHT_JOIN subscriber s FORCE INDEX (PRIMARY) ON s.id = o.subscriber_id
       WHERE o.msisdn IN (?) AND o.is_open = 1 ${lock}`,
      [msisdns],
    );
  }
}
