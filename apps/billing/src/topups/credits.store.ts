import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { fieldsOf, notesOf, resolutionKey, type Outcome, type PostingKey } from '@yidian/ledger';
import { DB } from '../resources/db';
import { holdKey, type StoredHold } from './hold.posting';
import { madeOf, type MadeOf } from './made-of';
import { moveKey } from './move.posting';
import { paymentKey, type CreditOrigin } from './topup.posting';

/** A credit that was decided, as its posting remembers it. */
export interface StoredCredit {
  outcome: Outcome;
  /** Null for a tombstone: it stands for a credit that billing never saw. */
  first: CreditOrigin | null;
  /** The same, of whoever has the credit since it was moved. */
  origin: CreditOrigin | null;
  madeOf: MadeOf;
  /** Given by a branch's own billing system, which has to take it back itself. */
  remote: boolean;
}

interface PostingRow extends Record<string, unknown> {
  k: string;
  outcome: Outcome;
  input: string;
  balances: string;
}

/** Reads what postings remember of credits and holds; postings never change, so what is read stays true. */
@Injectable()
export class CreditsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** By payment number; left out: not decided yet, which is not "never". */
  async find(paymentNos: readonly string[]): Promise<Map<string, StoredCredit>> {
    const rows = await this.postings(paymentNos.flatMap((paymentNo) => [paymentKey(paymentNo), moveKey(paymentNo)]));
    const byKey = new Map(rows.map((row) => [row.k, row]));
    const ends = await this.endsOf(rows.filter(isRemote));
    return new Map(
      paymentNos.flatMap((paymentNo) => {
        const row = byKey.get(paymentNo);
        if (!row || (isRemote(row) && !ends.has(paymentNo))) return [];
        const credit = creditOf(row, byKey.get(moveKey(paymentNo).key));
        return [[paymentNo, ends.get(paymentNo) === 'void' ? { ...credit, outcome: 'rejected' } : credit]];
      }),
    );
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
        if (!row || !origin) return [];
        return [[refNo, { origin, amount: BigInt(field(row, 'amount')), notes: notesOf(row.balances).notes ?? {} }]];
      }),
    );
  }

  /** Whether a hold ended by being taken: one that stands, or was given back, was not. */
  async wasTaken({ refNo, paymentNo }: { refNo: string; paymentNo: string }): Promise<boolean> {
    const { key, keyDay } = holdKey(refNo, paymentNo);
    const [row] = await this.postings([{ key: resolutionKey(key), keyDay }]);
    return row?.outcome === 'posted' && field(row, 'action') === 'post';
  }

  /** What a province was asked is pending until it is resolved: only then is it decided. */
  private async endsOf(pending: readonly PostingRow[]): Promise<Map<string, string>> {
    const keys = pending.map(({ k }) => ({ ...paymentKey(k), key: resolutionKey(k) }));
    const rows = await this.postings(keys);
    return new Map(rows.map((row) => [field(row, 'hold'), field(row, 'action')]));
  }

  private async postings(keys: readonly PostingKey[]): Promise<PostingRow[]> {
    if (keys.length === 0) return [];
    // The primary key is forced: with stale statistics the optimiser scans the table for lists.
    return this.db.select<PostingRow>(
      'SELECT k, outcome, input, balances FROM posting FORCE INDEX (PRIMARY) WHERE key_day IN (?) AND k IN (?)',
      [[...new Set(keys.map(({ keyDay }) => keyDay))], [...new Set(keys.map(({ key }) => key))]],
    );
  }
}

/** Its pending posting says so: see pendingCredit. */
const isRemote = (row: PostingRow): boolean => row.outcome === 'posted' && fieldsOf(row.input).has('bss');

function creditOf(row: PostingRow, move: PostingRow | undefined): StoredCredit {
  const input = row.outcome === 'voided' ? new Map<string, string>() : fieldsOf(row.input);
  const made = madeOf(input, notesOf(row.balances).notes ?? {});
  const credit = { outcome: row.outcome, madeOf: made, remote: input.has('bss') };
  if (row.outcome === 'voided') return { ...credit, first: null, origin: null };
  const first: CreditOrigin = {
    subscriberId: field(row, 'subscriberId'),
    branch: field(row, 'branch'),
    provider: field(row, 'provider'),
    channel: field(row, 'channel'),
    partner: field(row, 'partner'),
    acquiringBranch: field(row, 'acquiringBranch'),
    face: field(row, 'face'),
  };
  if (move?.outcome !== 'posted') return { ...credit, first, origin: first };
  return {
    ...credit,
    first,
    origin: { ...first, subscriberId: field(move, 'toSubscriber'), branch: field(move, 'toBranch') },
  };
}

function field(row: PostingRow, name: string): string {
  const value = fieldsOf(row.input).get(name);
  if (value === undefined) throw new Error(`posting ${row.k} does not remember its ${name}`);
  return value;
}
