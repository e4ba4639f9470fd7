import { Inject, Injectable } from '@nestjs/common';
import type { NumberStatus } from '@yidian/contracts';
import type { Db, Queryable } from '@yidian/database';
import type { BranchStatus } from '../branches/branch.entity';
import { DB } from '../resources/db';
import type { Plan } from './subscriber.entity';

/** A subscriber as stored. */
export interface SubscriberRow extends Record<string, unknown> {
  id: string;
  msisdn: string;
  branch: string;
  owner: string;
  ownerMark: string;
  ownerVersion: number;
  plan: Plan;
  status: NumberStatus;
  registeredOn: string;
}

/** What decides whether a credit may be given: the subscriber and the policy of its branch. Amounts are minor units. */
export interface HomeRow extends Record<string, unknown> {
  id: string;
  branch: string;
  status: NumberStatus;
  ownerVersion: number;
  /** False when the branch has given the number to somebody else since. */
  holdsNumber: boolean;
  branchStatus: BranchStatus;
  acceptMin: bigint;
  acceptMax: bigint;
  acceptStep: bigint;
}

const COLUMNS = `s.id, s.msisdn, s.branch, s.owner, s.owner_mark AS ownerMark, s.owner_version AS ownerVersion, s.plan,
  s.status, s.registered_on AS registeredOn`;

@Injectable()
export class SubscribersStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** The subscribers that hold these numbers now, of whatever branch. */
  holders(msisdns: readonly string[], from: Queryable = this.db): Promise<SubscriberRow[]> {
    return from.select<SubscriberRow>(
      `SELECT ${COLUMNS} FROM number_owner o JOIN subscriber s ON s.id = o.subscriber_id WHERE o.msisdn IN (?)`,
      [msisdns],
    );
  }

  async homes(ids: readonly string[]): Promise<Map<string, HomeRow>> {
    const rows = await this.db.select<HomeRow & { holder: string | null }>(
      `SELECT s.id, s.branch, s.status, s.owner_version AS ownerVersion, o.subscriber_id AS holder,
        b.status AS branchStatus, b.accept_min AS acceptMin, b.accept_max AS acceptMax, b.accept_step AS acceptStep
       FROM subscriber s JOIN branch b ON b.code = s.branch
       LEFT JOIN number_owner o ON o.msisdn = s.msisdn AND o.branch = s.branch
       WHERE s.id IN (?)`,
      [ids],
    );
    return new Map(rows.map(({ holder, ...row }) => [row.id, { ...row, holdsNumber: holder === row.id }]));
  }

  async insert(tx: Queryable, row: SubscriberRow, at: Date): Promise<void> {
    await tx.run(
      `INSERT INTO subscriber (id, msisdn, branch, owner, owner_mark, owner_version, plan, status, registered_on, updated_at)
       VALUES ?`,
      [
        [
          [
            row.id,
            row.msisdn,
            row.branch,
            row.owner,
            row.ownerMark,
            row.ownerVersion,
            row.plan,
            row.status,
            row.registeredOn,
            at,
          ],
        ],
      ],
    );
  }

  async update(tx: Queryable, row: SubscriberRow, at: Date): Promise<void> {
    await tx.run(
      'UPDATE subscriber SET owner = ?, owner_mark = ?, owner_version = ?, plan = ?, status = ?, updated_at = ? WHERE id = ?',
      [row.owner, row.ownerMark, row.ownerVersion, row.plan, row.status, at, row.id],
    );
  }

  /** A second subscriber under the number meets the primary key (1062): somebody was faster. */
  async takeNumber(tx: Queryable, row: SubscriberRow, at: Date): Promise<void> {
    await tx.run('INSERT INTO number_owner (msisdn, branch, subscriber_id, since) VALUES (?, ?, ?, ?)', [
      row.msisdn,
      row.branch,
      row.id,
      at,
    ]);
  }

  /** Gives a recycled number on; the former holder keeps its row. False: the number moved meanwhile. */
  async handOver(tx: Queryable, from: SubscriberRow, to: SubscriberRow, at: Date): Promise<boolean> {
    const moved = await tx.run(
      'UPDATE number_owner SET subscriber_id = ?, since = ? WHERE msisdn = ? AND branch = ? AND subscriber_id = ?',
      [to.id, at, from.msisdn, from.branch, from.id],
    );
    return moved === 1;
  }
}
