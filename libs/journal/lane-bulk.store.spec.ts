import { connectionOptions, type Row, type SchemaPlan } from '@yidian/database';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import fc from 'fast-check';
import mysql from 'mysql2/promise';
import { mkdtempSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { interceptPackets, journalPlan } from './journal-fixture';
import type { LaneBody, Statement } from './lane-body';
import { LaneConnection, type Answer } from './lane-connection';
import { openLane, type LaneSession } from './lane-session';
import { LaneFailure, runBatch } from './lane-transaction';

const TABLES = ['first', 'middle', 'last'] as const;
type Place = (typeof TABLES)[number];

class Bulk1763900000002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const name of TABLES)
      await q.query(`CREATE TABLE ${name}_rows (k VARCHAR(10) NOT NULL PRIMARY KEY, v BIGINT NOT NULL)`);
    await q.query('CREATE TABLE held (id INT NOT NULL PRIMARY KEY, n BIGINT NOT NULL)');
    await q.query('INSERT INTO held VALUES (1, 0)');
    await q.query(`CREATE TABLE kinds (id INT NOT NULL PRIMARY KEY, number BIGINT NULL, amount BIGINT NULL, flag TINYINT NULL,
      short VARCHAR(300) NULL, text MEDIUMTEXT NULL, at DATETIME(3) NULL, day DATE NULL, bytes MEDIUMBLOB NULL,
      late INT NOT NULL DEFAULT 7, digest BINARY(4) NOT NULL)`);
  }
  down(): Promise<void> {
    throw new Error('forward only');
  }
}

const plan: SchemaPlan = { ...journalPlan, migrations: [...journalPlan.migrations, Bulk1763900000002] };

type Keys = Readonly<Partial<Record<Place, string>>>;

/** Three tables, one statement each; `held` is locked before. */
const body: LaneBody<Keys, string> = {
  async apply(tx, items) {
    await tx.run('UPDATE held SET n = n + 1 WHERE id = 1');
    for (const name of TABLES)
      tx.insert(
        `${name}_rows`,
        items.map((keys, n) => ({ k: keys[name] ?? `k${tx.batchNo}-${n}`, v: BigInt(n) })),
      );
    return items.map(() => 'stored');
  },
};

/** The server's greeting without MariaDB's own capabilities: as MySQL or an old MariaDB greets. */
class PlainServer {
  private readonly path = join(mkdtempSync(join(tmpdir(), 'yd-p-')), 's');
  private readonly server: Server;

  constructor(private readonly databaseUrl: string) {
    const target = new URL(databaseUrl).searchParams.get('socketPath') ?? '';
    this.server = createServer((client) => {
      const server = createConnection(target);
      server.once('data', (greeting) => {
        const version = greeting.indexOf(0, 5);
        greeting.fill(
          0,
          version + 1 + 4 + 8 + 1 + 2 + 1 + 2 + 2 + 1 + 6,
          version + 1 + 4 + 8 + 1 + 2 + 1 + 2 + 2 + 1 + 10,
        );
        client.write(greeting);
        server.pipe(client);
      });
      client.pipe(server);
      for (const socket of [client, server])
        socket.on('error', () => undefined).on('close', () => (client.destroy(), server.destroy()));
    }).listen(this.path);
  }

  get url(): string {
    const url = new URL(this.databaseUrl);
    url.searchParams.set('socketPath', this.path);
    return url.toString();
  }

  close(): void {
    this.server.close();
  }
}

describe('rows as bound arrays', () => {
  let database: TestDatabase;
  let admin: mysql.Connection;
  let plain: PlainServer;
  let session: LaneSession;
  let sent: Statement[];

  beforeAll(async () => {
    database = await testDatabase(plan);
    admin = await mysql.createConnection(connectionOptions(database.adminUrl));
    plain = new PlainServer(database.url);
  });
  beforeEach(async () => {
    sent = [];
    interceptPackets((send, statements): Promise<Answer[]> => {
      sent.push(...statements);
      return send();
    });
    session = await openLane({ url: database.url }, 'journal', 'test');
    await runBatch(session, body, [{}, {}]);
  });
  afterEach(async () => {
    session.connection.destroy();
    jest.restoreAllMocks();
    await admin.query('ROLLBACK');
    for (const name of TABLES) await admin.query(`DELETE FROM ${name}_rows`);
  });
  afterAll(async () => {
    plain.close();
    await admin.end();
    await database.close();
  });

  const stored = async (): Promise<number[]> => {
    const counts = TABLES.map(async (name) => {
      const [row] = await database.db.select<{ n: bigint }>(`SELECT COUNT(*) AS n FROM ${name}_rows`);
      return Number(row?.n);
    });
    return Promise.all(counts);
  };
  const bound = () => sent.filter((statement) => statement.bound).map(({ sql }) => sql);
  const failure = (items: readonly Keys[]): Promise<LaneFailure<string>> =>
    runBatch(session, body, items).then(
      () => {
        throw new Error('a failure was expected');
      },
      (error: unknown) => error as LaneFailure<string>,
    );
  /** Nothing of the failed batch is there, its neighbours go on, on the same connection and as arrays. */
  async function expectUndone(): Promise<void> {
    expect(await stored()).toEqual([2, 2, 2]);
    sent = [];
    await runBatch(session, body, [{}, {}, {}]);
    expect(await stored()).toEqual([5, 5, 5]);
    expect(bound()).toHaveLength(3);
  }

  test('the first batch is text, the next ones are bound', async () => {
    expect(bound()).toEqual([]);
    await runBatch(session, body, [{}]);
    expect(bound()).toEqual(TABLES.map((name) => `INSERT INTO ${name}_rows (k, v) VALUES (?, ?)`));
    expect(await stored()).toEqual([3, 3, 3]);
  });

  test.each(TABLES)('a duplicate in the %s command: nothing is stored', async (place) => {
    await admin.query(`INSERT INTO ${place}_rows VALUES ('there', 1)`);
    const failed = await failure([{}, { [place]: 'there' }, {}]);
    await admin.query(`DELETE FROM ${place}_rows WHERE k = 'there'`);
    expect(failed.verdict).toBe('duplicate');
    await expectUndone();
  });

  test.each(TABLES)('a value that is too long in the %s command: poison, and nothing is stored', async (place) => {
    const failed = await failure([{}, {}, { [place]: 'x'.repeat(11) }]);
    expect(failed.verdict).toBe('poison');
    expect(String((failed.cause as Error).message)).toContain("Data too long for column 'k'");
    await expectUndone();
  });

  const whenWaiting = async (): Promise<void> => {
    for (;;) {
      const [waiting] = await admin.query<mysql.RowDataPacket[]>(
        "SELECT trx_id FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'",
      );
      if (waiting.length > 0) return;
      // The server renews this table only when nobody has looked for a tenth of a second.
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  };

  test.each(TABLES)('a deadlock in the %s command: what is behind it commits nothing', async (place) => {
    // The rival has written more, so the lane is the one that is rolled back.
    await admin.query('START TRANSACTION');
    for (const name of TABLES)
      await admin.query(`INSERT INTO ${name}_rows SELECT CONCAT('r', seq), 0 FROM seq_1_to_40`);
    await admin.query(`INSERT INTO ${place}_rows VALUES ('wanted', 1)`);
    const failing = failure([{}, { [place]: 'wanted' }, {}]);
    await whenWaiting();
    await admin.query('UPDATE held SET n = n WHERE id = 1');
    expect(await failing).toMatchObject({ verdict: 'again', cause: { errno: 1213 } });
    await admin.query('ROLLBACK');
    await expectUndone();
  });

  test('a lock that does not come in time: the batch runs again, and nothing of it is stored', async () => {
    await admin.query('START TRANSACTION');
    await admin.query("INSERT INTO middle_rows VALUES ('wanted', 1)");
    expect((await failure([{ middle: 'wanted' }, {}])).verdict).toBe('again');
    await admin.query('ROLLBACK');
    await expectUndone();
  });

  test('the connection breaks while an answer is awaited: lost, and nothing is stored', async () => {
    await admin.query('START TRANSACTION');
    await admin.query("INSERT INTO last_rows VALUES ('wanted', 1)");
    const failing = failure([{ last: 'wanted' }]);
    await whenWaiting();
    const { threadId } = (session.connection as unknown as { connection: { threadId: number } }).connection;
    await admin.query(`KILL ${threadId}`);
    expect((await failing).verdict).toBe('lost');
    await admin.query('ROLLBACK');
    expect(await stored()).toEqual([2, 2, 2]);
  });

  test('a table that was changed meanwhile is written as before', async () => {
    await admin.query('ALTER TABLE middle_rows ADD COLUMN w INT NOT NULL DEFAULT 0 FIRST');
    await admin.query('FLUSH TABLES');
    await runBatch(session, body, [{}, {}]);
    expect(await stored()).toEqual([4, 4, 4]);
    expect(bound()).toHaveLength(3);
    await admin.query('ALTER TABLE middle_rows DROP COLUMN w');
  });

  test('a server without it gets text, and stores the same', async () => {
    const other = await openLane({ url: plain.url }, 'journal', 'test');
    for (let n = 0; n < 3; n++) await runBatch(other, body, [{ first: `p${n}`, middle: `p${n}`, last: `p${n}` }]);
    other.connection.destroy();
    expect(bound()).toEqual([]);
    expect(await stored()).toEqual([5, 5, 5]);
  });

  test('a lane commits by COMMIT alone; other connections as ever', async () => {
    const autocommit = async (connection: LaneConnection) =>
      Number((await connection.select('SELECT @@autocommit AS v'))[0]?.['v']);
    expect(await autocommit(session.connection)).toBe(0);
    const other = await LaneConnection.open({ url: database.url });
    expect(await autocommit(other)).toBe(1);
    other.destroy();
  });

  describe('values', () => {
    const EMPTY = { late: 7 };
    let id = 0;

    async function write(rows: readonly object[], expected: 'bound' | 'text' = 'bound'): Promise<Statement> {
      const { connection } = session;
      connection.insertion('kinds', rows, EMPTY, 'digest');
      await connection.prepareNew();
      connection.forgetRows();
      const statement = connection.insertion('kinds', rows, EMPTY, 'digest');
      expect(statement.bound ? 'bound' : 'text').toBe(expected);
      const [answer] = await connection.packet([statement, { sql: 'COMMIT' }]);
      expect(answer).toMatchObject({ affectedRows: rows.length });
      return statement;
    }
    const readBack = async (): Promise<Row[]> => {
      const rows = await database.db.select('SELECT * FROM kinds WHERE id > ? ORDER BY id', [0]);
      return rows.map((row) => ({ ...row, digest: (row['digest'] as Buffer).toString('hex') }));
    };
    afterEach(() => admin.query('DELETE FROM kinds'));

    const full = () => ({
      id: ++id,
      number: -1,
      amount: -4611686018427387904n,
      flag: 1,
      short: '转账😀',
      text: "it's",
      at: new Date('2026-11-22T03:04:05.678Z'),
      day: '2026-11-22',
      bytes: Buffer.from([0, 39, 92, 255]),
      late: 7,
      digest: '00ff27ab',
    });
    const none = {
      digest: 'ffffffff',
      number: null,
      amount: null,
      flag: null,
      short: null,
      text: null,
      at: null,
      day: null,
      bytes: null,
    };

    test('come back as they went', async () => {
      const rows = [
        full(),
        { ...full(), number: Number.MAX_SAFE_INTEGER, amount: 9223372036854775807n, flag: 0, text: '' },
        {
          ...full(),
          number: Number.MIN_SAFE_INTEGER,
          amount: -9223372036854775808n,
          at: new Date('1969-12-31T23:59:59.999Z'),
        },
        { ...full(), number: 4294967296, late: 8, at: new Date('2028-02-29T00:00:00.000Z') },
        { ...full(), ...none, late: 0 },
      ];
      await write(rows);
      expect(await readBack()).toEqual(
        rows.map((row) => ({ ...row, number: row.number === null ? null : BigInt(row.number) })),
      );
    });

    test('a column that is empty in every row is not named, as if it were text', async () => {
      const rows = [full(), { ...full(), short: null }].map((row) => ({ ...row, number: null, at: null }));
      const { sql } = await write(rows);
      expect(sql).toBe(
        'INSERT INTO kinds (id, amount, flag, short, text, day, bytes, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      );
      expect(await readBack()).toEqual(rows);
    });

    test('texts and bytes of every length, around each form that a length may take', async () => {
      const lengths = [0, 1, 47, 48, 49, 83, 84, 85, 125, 126, 250, 251, 21_845, 21_846, 65_535, 65_536, 90_000];
      const rows = lengths.flatMap((length) => [
        { ...full(), text: 'a'.repeat(length), bytes: Buffer.alloc(length, 255), number: null },
        { ...full(), text: '转'.repeat(length), bytes: Buffer.alloc(length, 0), number: null },
      ]);
      await write(rows);
      expect(await readBack()).toEqual(rows);
    });

    test('whatever a text holds', async () => {
      const text = fc.string({ unit: 'binary', maxLength: 60 });
      await fc.assert(
        fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (texts) => {
          const rows = texts.map((one) => ({ ...full(), number: null, text: one }));
          await write(rows);
          expect((await readBack()).map((row) => row['text'])).toEqual(texts);
          await admin.query('DELETE FROM kinds');
        }),
        { numRuns: 30 },
      );
    });

    test.each([
      ['two kinds in a column', () => [full(), { ...full(), number: '12' }]],
      ['a part of a number', () => [{ ...full(), number: 1.5 }]],
      ['members in another order', () => [full(), { late: 7, ...none, id: ++id }]],
    ])('%s: sent as text', async (_, rows) => {
      const list = rows();
      await write(list, 'text');
      expect((await readBack()).map((row) => row['id'])).toEqual(list.map((row) => row.id));
    });

    test('what is no value, no time or no 64-bit number is refused, and the next row is not touched', async () => {
      const { connection } = session;
      const insertion = (row: object) => connection.insertion('kinds', [row], EMPTY, 'digest');
      await write([full()]);
      expect(() => insertion({ ...full(), text: undefined })).toThrow('a undefined is no SQL value');
      expect(() => insertion({ ...full(), text: {} })).toThrow('a object is no SQL value');
      const bad = { ...full(), number: null };
      await write([bad]);
      expect(() => insertion({ ...bad, at: new Date(Number.NaN) })).toThrow('a time without a date');
      expect(() => insertion({ ...bad, digest: '0g' })).toThrow('hex digits were expected');
      expect(() => insertion({ ...bad, amount: 1n << 63n })).toThrow('out of range');
      await write([{ ...bad, id: ++id }]);
      expect(await readBack()).toHaveLength(3);
    });
  });
});
