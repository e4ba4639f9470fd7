import type { SchemaPlan } from '@yidian/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { FactInput } from './fact';
import { LaneConnection, type Answer } from './lane-connection';
import type { LaneBody, Statement } from './lane-body';
import {
  AUDIT_APPEND_ONLY,
  auditTables,
  bookOpenings,
  JOURNAL_APPEND_ONLY,
  journalTables,
  SEAL_APPEND_ONLY,
  sealTables,
} from './tables';

/** What the journal's own tests stand on: its tables, a table of keys, and a body that writes one fact per new key. */
class Journal1763900000001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const sql of [...journalTables(), ...bookOpenings(), ...auditTables(), ...sealTables()]) await q.query(sql);
    await q.query('CREATE TABLE done (k VARCHAR(40) NOT NULL PRIMARY KEY, book_date DATE NOT NULL)');
  }
  down(): Promise<void> {
    throw new Error('forward only');
  }
}

export const journalPlan: SchemaPlan = {
  service: 'journal',
  migrations: [Journal1763900000001],
  appendOnly: [...JOURNAL_APPEND_ONLY, ...AUDIT_APPEND_ONLY, ...SEAL_APPEND_ONLY],
};

export function factOf(key: string, provider: string, amount = 100n): FactInput {
  return {
    provider,
    kind: 'paid',
    paymentNo: key,
    refNo: '',
    providerTxnId: '',
    amount,
    currency: 'CNY',
    branch: '420000',
    acquiringBranch: '440000',
    channel: 'partner_api',
    partner: '',
    businessDate: null,
    occurredAt: new Date('2026-11-22T03:04:05.678Z'),
  };
}

export interface KeyItem {
  key: string;
  provider: string;
}
export interface KeyAnswer {
  key: string;
  bookDate: string;
  replay: boolean;
}

/** New key → row and fact; stored key → replay. `pause` stands for slow statements between read and commit. */
export function keyBody(
  pause: () => Promise<void> = () => Promise.resolve(),
  when: 'now' | 'last' = 'now',
): LaneBody<KeyItem, KeyAnswer> {
  return {
    reads: (items) => [
      {
        sql: 'SELECT k, book_date FROM done FORCE INDEX(PRIMARY) WHERE k IN (?)',
        params: [items.map((item) => item.key)],
      },
    ],
    async apply(tx, items, [stored]) {
      const known = new Map((stored ?? []).map((row) => [String(row['k']), String(row['book_date'])]));
      tx.foundStored(known.size);
      await pause();
      const answers = items.map(({ key, provider }): KeyAnswer => {
        const earlier = known.get(key);
        if (earlier !== undefined) return { key, bookDate: earlier, replay: true };
        known.set(key, tx.bookDate(provider));
        tx.addFacts([factOf(key, provider)]);
        return { key, bookDate: tx.bookDate(provider), replay: false };
      });
      const rows = answers
        .filter((answer) => !answer.replay)
        .map(({ key, bookDate }) => ({ k: key, book_date: bookDate }));
      if (when === 'last') tx.insert('done', rows);
      else if (rows.length > 0)
        await tx.run('INSERT INTO done (k, book_date) VALUES ?', [rows.map((row) => [row.k, row.book_date])]);
      await pause();
      return answers;
    },
  };
}

type Send = () => Promise<Answer[]>;

/** Stands between every lane and the server; `send` lets the packet through. */
export function interceptPackets(
  through: (send: Send, sent: readonly Statement[], connection: LaneConnection) => Promise<Answer[]>,
): jest.SpyInstance {
  const { value } = Object.getOwnPropertyDescriptor(LaneConnection.prototype, 'packet') as {
    value: (this: LaneConnection, sent: readonly Statement[]) => Promise<Answer[]>;
  };
  return jest.spyOn(LaneConnection.prototype, 'packet').mockImplementation(function (this: LaneConnection, sent) {
    return through(() => value.call(this, sent), sent, this);
  });
}
