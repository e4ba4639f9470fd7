import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { fieldsOf, type Outcome, type PostingKey } from '@yidian/ledger';
import { DB } from '../resources/db';
import { holdKey } from './hold.posting';
import { paymentKey, type CreditOrigin } from './topup.posting';

/** A credit that was decided, as its posting remembers it. */
export interface StoredCredit {
  outcome: Outcome;
  /** Null for a tombstone: it stands for a credit that billing never saw. */
  origin: CreditOrigin | null;
}

export interface StoredHold {
  origin: CreditOrigin;
  /** Minor units. */
  amount: bigint;
}

interface PostingRow extends Record<string, unknown> {
  k: string;
  outcome: Outcome;
  input: string;
}

/** Reads what postings remember of credits and holds; postings never change, so what is read stays true. */
@Injectable()
export class CreditsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** By payment number; left out: not decided yet, which is not "never". */
  async find(paymentNos: readonly string[]): Promise<Map<string, StoredCredit>> {
    const rows = await this.postings(paymentNos.map(paymentKey));
    return new Map(rows.map((row) => [row.k, { outcome: row.outcome, origin: originOf(row) }]));
  }

  /** By refund or reversal number; only holds that were placed. */
  async findHolds(holds: readonly { refNo: string; paymentNo: string }[]): Promise<Map<string, StoredHold>> {
    const credits = await this.find(holds.map(({ paymentNo }) => paymentNo));
    const rows = await this.postings(holds.map(({ refNo, paymentNo }) => holdKey(refNo, paymentNo)));
    const placed = new Map(rows.filter((row) => row.outcome === 'posted').map((row) => [row.k, row]));
    return new Map(
      holds.flatMap(({ refNo, paymentNo }) => {
        const row = placed.get(holdKey(refNo, paymentNo).key);
        const origin = credits.get(paymentNo)?.origin;
        return row && origin ? [[refNo, { origin, amount: BigInt(field(row, 'amount')) }]] : [];
      }),
    );
  }

  private postings(keys: readonly PostingKey[]): Promise<PostingRow[]> {
    // The primary key is forced: with stale statistics the optimiser scans the table for lists.
    return this.db.select<PostingRow>(
      'SELECT k, outcome, input FROM posting FORCE INDEX (PRIMARY) WHERE key_day IN (?) AND k IN (?)',
      [[...new Set(keys.map(({ keyDay }) => keyDay))], [...new Set(keys.map(({ key }) => key))]],
    );
  }
}

function originOf(row: PostingRow): CreditOrigin | null {
  if (row.outcome === 'voided') return null;
  return {
    subscriberId: field(row, 'subscriberId'),
    branch: field(row, 'branch'),
    provider: field(row, 'provider'),
    channel: field(row, 'channel'),
    partner: field(row, 'partner'),
    acquiringBranch: field(row, 'acquiringBranch'),
    face: field(row, 'face'),
  };
}

function field(row: PostingRow, name: string): string {
  const value = fieldsOf(row.input).get(name);
  if (value === undefined) throw new Error(`posting ${row.k} does not remember its ${name}`);
  return value;
}
