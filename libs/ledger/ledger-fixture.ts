import type { SchemaPlan } from '@yidian/database';
import { bookOpenings, JOURNAL_APPEND_ONLY, journalTables, SEAL_APPEND_ONLY, sealTables } from '@yidian/journal';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { PostingInput } from './posting';
import { NO_LIMIT } from './posting';
import { LEDGER_APPEND_ONLY, ledgerDefaults, ledgerTables, snapshotTables, termTables } from './tables';

class Ledger1763900000001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    const ledger = [...ledgerTables(), ...snapshotTables(), ...termTables(), ...ledgerDefaults()];
    for (const sql of [...journalTables(), ...bookOpenings(), ...sealTables(), ...ledger]) await q.query(sql);
  }
  down(): Promise<void> {
    throw new Error('forward only');
  }
}

export const ledgerPlan: SchemaPlan = {
  service: 'ledger',
  migrations: [Ledger1763900000001],
  appendOnly: [...JOURNAL_APPEND_ONLY, ...SEAL_APPEND_ONLY, ...LEDGER_APPEND_ONLY],
};

export const DAY = '2026-11-22';
export const RECEIVABLE = 'branch/420000/receivable';
export const cash = (subscriber: string): string => `subscriber/${subscriber}/cash`;

/** A top-up: Dr receivable Cr the subscriber's cash, which it opens. */
export function topup(key: string, subscriber: string, amount: bigint): PostingInput {
  return {
    key,
    keyDay: DAY,
    actor: 'test',
    input: { subscriber, amount: String(amount) },
    transfers: [{ debit: RECEIVABLE, credit: cash(subscriber), amount, kind: 'topup' }],
    opens: [{ id: cash(subscriber), kind: 'cash', floor: 0n, ceiling: NO_LIMIT }],
  };
}

/** Usage: Dr cash Cr revenue; refused below the floor unless forced. */
export function usage(key: string, subscriber: string, amount: bigint, forced = false): PostingInput {
  return {
    key,
    keyDay: DAY,
    actor: 'test',
    input: { subscriber, amount: String(amount), forced: String(forced) },
    transfers: [{ debit: cash(subscriber), credit: 'branch/420000/revenue', amount, kind: 'usage', forced }],
  };
}
