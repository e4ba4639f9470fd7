import { connectionOptions } from '@yidian/database';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import mysql from 'mysql2/promise';
import { interceptPackets } from '../journal/journal-fixture';
import { cash, DAY, ledgerPlan, topup, usage } from './ledger-fixture';
import { Ledger } from './ledger';
import type { PostingAnswer } from './posting';

/** What the database may answer in the middle of a batch, brought about on the database wherever that can be done. */
describe('the door when the database says no, late, or nothing', () => {
  let database: TestDatabase;
  let admin: mysql.Connection;
  let ledger: Ledger;
  let other: Ledger;
  const alarms: string[] = [];

  beforeAll(async () => {
    database = await testDatabase(ledgerPlan);
    admin = await mysql.createConnection(connectionOptions(database.adminUrl));
    const options = { url: database.url, service: 'ledger', instance: 'test', db: database.db };
    ledger = new Ledger({ ...options, alarm: (message) => alarms.push(message) });
    other = new Ledger(options);
    await ledger.open();
    await other.open();
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(async () => {
    await ledger.close();
    await other.close();
    await admin.end();
    await database.close();
  });
  const balance = async (id: string) => (await ledger.balances([id])).get(id);
  const transfers = async (key: string) =>
    Number((await database.db.select<{ n: bigint }>('SELECT COUNT(*) AS n FROM transfer WHERE k = ?', [key]))[0]?.n);

  /** Locks an account from outside until `release`. */
  async function lock(id: string): Promise<() => Promise<void>> {
    const holder = await mysql.createConnection(connectionOptions(database.adminUrl));
    await holder.query('START TRANSACTION');
    await holder.query('SELECT id FROM account WHERE id = ? FOR UPDATE', [id]);
    return async () => {
      await holder.query('ROLLBACK');
      await holder.end();
    };
  }

  test('a lock that is not given in time (1205): rolled back, run again, decided once', async () => {
    await ledger.post(topup('l0', 'l', 100n));
    const release = await lock(cash('l'));
    const sent: string[] = [];
    interceptPackets((send, packet) => {
      sent.push(packet.at(-1)?.sql.split(' ')[0] ?? '');
      return send();
    });
    const posted = ledger.post(usage('l1', 'l', 60n), 20_000);
    setTimeout(() => void release(), 3_600);
    expect(await posted).toMatchObject({
      outcome: 'posted',
      replay: false,
      balances: [{ account: cash('l'), balance: 40n }],
    });
    expect(sent).toContain('ROLLBACK');
    expect(await transfers('l1')).toBe(1);
  });

  test('a lock that is never given: busy within the deadline, and nothing was done', async () => {
    await ledger.post(topup('m0', 'm', 100n));
    const release = await lock(cash('m'));
    await expect(ledger.post(usage('m1', 'm', 60n), 1_000)).rejects.toMatchObject({ name: 'Busy' });
    await release();
    expect(await transfers('m1')).toBe(0);
    expect(await ledger.post(usage('m1', 'm', 60n))).toMatchObject({ outcome: 'posted', replay: false });
  });

  test('two doors that take the same accounts in turn: no deadlock is anybody’s answer', async () => {
    const names = ['w', 'x', 'y', 'z'];
    await Promise.all(names.map((name) => ledger.post(topup(`dl-${name}`, name, 10_000n))));
    const move = (n: number) => ({
      ...usage(`dl-${n}`, 'w', 1n),
      transfers: [0, 1, 2].map((leg) => ({
        debit: cash(names[(n + leg) % 4] as string),
        credit: cash(names[(n + leg + 1) % 4] as string),
        amount: 1n,
        kind: 'any',
      })),
    });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => (n % 2 ? ledger : other).post(move(n), 20_000)),
    );
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['posted']));
  });

  test('a COMMIT refused by certification (1213) is never repeated: rolled back, the batch again', async () => {
    const sent: string[] = [];
    let armed = true;
    interceptPackets((send, packet) => {
      const [first] = packet;
      sent.push(first?.sql.split(' ')[0] ?? '');
      if (!armed || first?.sql !== 'COMMIT') return send();
      armed = false;
      return Promise.reject(Object.assign(new Error('certification failed'), { errno: 1213 }));
    });
    expect(await ledger.post(topup('c1', 'c', 7n))).toMatchObject({ outcome: 'posted', replay: false });
    const refused = sent.indexOf('COMMIT');
    expect(sent[refused + 1]).toBe('ROLLBACK');
    expect(sent.slice(refused + 1).filter((sql) => sql === 'COMMIT')).toHaveLength(1);
    expect([await transfers('c1'), await balance(cash('c'))]).toEqual([1, 7n]);
  });

  test.each(['before', 'after'] as const)(
    '64 clients with one key, and the answer of their COMMIT is lost %s it was done: one credit, 64 equal answers',
    async (when) => {
      let armed = true;
      interceptPackets(async (send, [first], connection) => {
        if (!armed || first?.sql !== 'COMMIT') return send();
        armed = false;
        if (when === 'after') await send();
        connection.destroy();
        return send();
      });
      const key = `lost-${when}`;
      const posting = topup(key, key, 5_000n);
      const answers = await Promise.all(
        Array.from({ length: 64 }, (_, n) => (n % 2 ? ledger : other).post(posting, 20_000)),
      );
      const told = ({ replay: _, ...answer }: PostingAnswer) => answer;
      for (const answer of answers) expect(told(answer)).toEqual(told(answers[0] as PostingAnswer));
      expect([await transfers(key), await balance(cash(key))]).toEqual([1, 5_000n]);
    },
  );

  describe('with a fault of the database’s own', () => {
    /** Any row of this kind cannot be stored, as a column that is too short or a CHECK would have it. */
    beforeAll(async () => {
      await admin.query(`CREATE TRIGGER fault BEFORE INSERT ON transfer FOR EACH ROW
        BEGIN IF NEW.kind = 'poison' THEN SIGNAL SQLSTATE '22001' SET MYSQL_ERRNO = 1406; END IF; END`);
    });
    afterAll(() => admin.query('DROP TRIGGER fault'));

    test.each([1, 3])('%i culprits among 40 are refused alone, their neighbours commit', async (culprits) => {
      const bad = (n: number) => n % 13 === 5 && n / 13 < culprits;
      const postings = Array.from({ length: 40 }, (_, n) => {
        const posting = topup(`f${culprits}-${n}`, `f${n}`, 1n);
        return bad(n)
          ? { ...posting, transfers: posting.transfers.map((leg) => ({ ...leg, kind: 'poison' })) }
          : posting;
      });
      const ends = await Promise.allSettled(postings.map((posting) => ledger.post(posting)));
      ends.forEach((end, n) => {
        if (bad(n)) expect((end as PromiseRejectedResult).reason).toMatchObject({ name: 'Poison' });
        else expect(end).toMatchObject({ status: 'fulfilled', value: { outcome: 'posted' } });
      });
      const keys = postings.map(({ key, keyDay }) => ({ key, keyDay }));
      expect((await ledger.find(keys)).map((answer) => answer === null)).toEqual(postings.map((_, n) => bad(n)));
    });
  });

  test('a row that is there though no key explains it: one more lane, then internal, loudly, and never a loop', async () => {
    await ledger.post(topup('dup0', 'dup', 1n));
    // The account of a restored dump: the door opens it because its look-up is kept from seeing it.
    const blind = interceptPackets(async (send, packet) => {
      const answers = await send();
      return packet[1]?.sql.includes('FROM account') ? answers.map((one, at) => (at === 1 ? [] : one)) : answers;
    });
    alarms.length = 0;
    await expect(ledger.post(topup('dup1', 'dup', 1n))).rejects.toThrow('duplicate row that is no key');
    blind.mockRestore();
    expect(alarms).toEqual(['a duplicate row that is no key', 'a duplicate row that is no key']);
    expect(await ledger.post(topup('dup1', 'dup', 1n))).toMatchObject({ outcome: 'posted', replay: false });
  });

  test('who is out of time before a batch takes them was surely not executed', async () => {
    await ledger.post(topup('e0', 'e', 100n));
    const release = await lock(cash('e'));
    const blocked = ledger.post(usage('e1', 'e', 1n), 20_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(ledger.post(usage('e2', 'e', 1n), 100)).rejects.toMatchObject({ name: 'Expired' });
    await release();
    expect(await blocked).toMatchObject({ outcome: 'posted' });
    expect(await ledger.find([{ key: 'e2', keyDay: DAY }])).toEqual([null]);
  });

  test('afterwards sums, balances and chains hold', async () => {
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });
});
