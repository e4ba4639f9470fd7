import { connectionOptions } from '@yidian/database';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import mysql from 'mysql2/promise';
import { cash, DAY, ledgerPlan, topup, usage } from './ledger-fixture';
import { Ledger } from './ledger';
import type { PostingAnswer } from './posting';

const SUBSCRIBERS = 8;
const CALLERS = 24;
const EACH = 15;

describe('ledger under fire', () => {
  let database: TestDatabase;
  let admin: mysql.Connection;
  let ledgers: Ledger[];

  beforeAll(async () => {
    database = await testDatabase(ledgerPlan);
    admin = await mysql.createConnection(connectionOptions(database.adminUrl));
    const options = { url: database.url, service: 'ledger', instance: 'test', db: database.db, lanes: 2 };
    ledgers = [new Ledger(options), new Ledger({ ...options, lanes: 1 })];
    for (const ledger of ledgers) await ledger.open();
  });
  afterAll(async () => {
    await Promise.all(ledgers.map((ledger) => ledger.close()));
    await admin.end();
    await database.close();
  });

  /** The same key until it is answered: Busy, Closed and OutcomeUnknown all mean "ask again with the same key". */
  async function insist(send: () => Promise<PostingAnswer>): Promise<PostingAnswer> {
    for (;;) {
      try {
        return await send();
      } catch (error) {
        if (!/^(Busy|Closed|Expired|OutcomeUnknown)$/.test((error as Error).name)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  }

  /** A killed connection of the pool is noticed by whoever reads next: the read is asked again. */
  async function reading<T>(read: () => Promise<T> | undefined): Promise<T | undefined> {
    for (let tries = 0; ; tries++) {
      try {
        return await read();
      } catch (error) {
        if (tries === 20 || !/EPIPE|ECONNRESET|lost|closed/i.test((error as Error).message)) throw error;
      }
    }
  }

  async function killLanes(): Promise<void> {
    const [rows] = await admin.query<mysql.RowDataPacket[]>(
      'SELECT id FROM information_schema.processlist WHERE user = ? ORDER BY id DESC LIMIT 2',
      [new URL(database.url).username],
    );
    for (const row of rows) await admin.query('KILL ?', [row['id']]).catch(() => undefined);
  }

  test('every key is decided once, whoever asks, whatever is killed', async () => {
    let working = true;
    const answers: PostingAnswer[] = [];
    const caller = async (name: number): Promise<void> => {
      for (let i = 0; i < EACH; i++) {
        // Half the callers send the keys of the other half, through the other process.
        const twin = name % (CALLERS / 2);
        const ledger = ledgers[name < CALLERS / 2 ? 0 : 1] as Ledger;
        const [key, subscriber] = [`${twin}-${i}`, `s${(twin + i) % SUBSCRIBERS}`];
        const posting = i % 3 ? topup(key, subscriber, 100n) : usage(key, subscriber, 150n);
        answers.push(await insist(() => ledger.post(posting)));
      }
    };
    const killing = (async () => {
      while (working) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        await killLanes();
      }
    })();
    await Promise.all(Array.from({ length: CALLERS }, (_, name) => caller(name)));
    working = false;
    await killing;

    const decided = new Map<string, string>();
    for (const { key, outcome, at, conflict } of answers) {
      expect(conflict).toBeUndefined();
      const text = `${outcome} ${at.toISOString()}`;
      expect(decided.get(key) ?? text).toBe(text);
      decided.set(key, text);
    }
    expect(decided.size).toBe((CALLERS / 2) * EACH);
    const keys = [...decided.keys()].map((key) => ({ key, keyDay: DAY }));
    expect((await reading(() => ledgers[0]?.find(keys)))?.every((answer) => answer !== null)).toBe(true);
    const ids = Array.from({ length: SUBSCRIBERS }, (_, n) => cash(`s${n}`));
    const balances = await reading(() => ledgers[0]?.balances(ids));
    expect(balances?.size).toBe(SUBSCRIBERS);
    for (const balance of (balances ?? new Map<string, bigint>()).values()) expect(balance).toBeGreaterThanOrEqual(0n);
    expect(await reading(() => ledgers[0]?.verify())).toMatchObject({ ok: true });
  });
});
