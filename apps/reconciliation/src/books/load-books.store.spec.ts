import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectionOptions } from '@yidian/database';
import mysql from 'mysql2/promise';
import { BooksStage } from '../testing/books-stage';
import type { Fact } from './fact';
import { UnreadableFacts } from './fact-rows';
import { SegmentLost } from './read-segment';

const DATE = '2026-11-22';
const NO = '26112200000000000000';

describe('loading the books', () => {
  let stage: BooksStage;
  beforeEach(async () => (stage = await BooksStage.open(DATE)));
  afterEach(() => stage.close());

  const add = (count: number): void => {
    for (let n = 0; n < count; n++) stage.book.add('paid', NO, 100n);
  };
  const sum = async () => (await stage.books.sums('bank_a', DATE, 'gateway'))[0];
  const load = () => stage.puller().load.upTo('gateway', stage.book.vector());
  const loaded = async () => [...(await stage.segments.loaded('gateway'))];

  test('what stands in book_fact is what the source wrote, whatever stands in it', async () => {
    const strange = [
      '',
      '\t',
      '\n',
      '\\',
      '\\N',
      `it's`,
      `'`,
      `\\'); DROP TABLE book_fact; -- `,
      '\0\x1a\r',
      '银联😀',
      '?',
    ];
    strange.forEach((text, n) =>
      stage.book.add('paid', NO, BigInt(-n), {
        ...{ refNo: text, providerTxnId: text, partner: text, businessDate: n % 2 ? '2026-11-21' : null },
      }),
    );
    await stage.puller().pull.execute();
    await load();
    const facts = await stage.books.factsOfPayments('bank_a', [NO]);
    const wanted = stage.book.facts.map((fact) => ({
      ...fact,
      service: 'gateway' as const,
      seq: BigInt(fact.seq),
      amount: BigInt(fact.amount),
    }));
    const place = (fact: Fact) => BigInt(fact.laneId) * 1_000n + fact.seq;
    const inOrder = (all: Fact[]) => all.sort((a, b) => Number(place(a) - place(b)));
    expect(inOrder(facts)).toEqual(inOrder(wanted));
  });

  test('each fact is loaded once, whoever loads and however often', async () => {
    add(40);
    await stage.puller().pull.execute();
    await Promise.all([load(), load(), load()]);
    await load();
    expect(await sum()).toEqual({ kind: 'paid', count: 40, amount: '4000' });
    add(10);
    await stage.puller().pull.execute();
    await Promise.all([load(), load()]);
    expect(await sum()).toEqual({ kind: 'paid', count: 50, amount: '5000' });
    expect(await loaded()).toEqual([
      [1, 25n],
      [2, 25n],
    ]);
  });

  test('small segments are loaded together; no further than was asked for', async () => {
    for (let n = 0; n < 5; n++) {
      add(4);
      await stage.puller().pull.execute();
    }
    const vector = [{ laneId: 1, seq: '3' }];
    const written = jest.spyOn(stage.segments, 'load');
    await stage.puller().load.upTo('gateway', vector);
    expect(written).toHaveBeenCalledTimes(1);
    expect(await loaded()).toEqual([[1, 10n]]);
    await expect(stage.puller().load.upTo('gateway', [{ laneId: 1, seq: '11' }])).rejects.toThrow('begins at 11');
  });

  test('connections killed in the middle: nothing is loaded in part, and at last all of it', async () => {
    for (let n = 0; n < 6; n++) {
      add(2_400);
      await stage.puller().pull.execute();
    }
    const admin = await mysql.createConnection(connectionOptions(stage.database.adminUrl));
    const user = new URL(stage.database.url).username;
    let done = false;
    let cut = 0;
    const killer = async (): Promise<void> => {
      while (!done) {
        const [rows] = await admin.query<mysql.RowDataPacket[]>(
          "SELECT id FROM information_schema.processlist WHERE user = ? AND info LIKE 'INSERT INTO book_fact%'",
          [user],
        );
        for (const row of rows.slice(0, cut < 8 ? 1 : 0)) {
          await admin.query(`KILL ${String(row['id'])}`).catch(() => undefined);
          cut += 1;
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const loader = async (): Promise<void> => {
      for (let tries = 0; tries < 100; tries++)
        if (
          await load().then(
            () => true,
            () => false,
          )
        )
          return;
      throw new Error('never loaded');
    };
    const killing = killer();
    await Promise.all([loader(), loader()]);
    done = true;
    await killing;
    await admin.end();
    expect(cut).toBeGreaterThan(0);
    expect(await sum()).toEqual({ kind: 'paid', count: 14_400, amount: '1440000' });
    expect(await loaded()).toEqual([
      [1, 7_200n],
      [2, 7_200n],
    ]);
  });

  test.each([
    ['lost', (path: string) => unlinkSync(path)],
    ['damaged', (path: string) => writeFileSync(path, readFileSync(path).toString().replace('\t100\t', '\t900\t'))],
  ])('a %s segment is pulled again, alone, and is the same to the byte', async (_, harm) => {
    add(4);
    await stage.puller().pull.execute();
    add(4);
    await stage.puller().pull.execute();
    const [, second] = await stage.segments.after('gateway', 1, 0n, 10);
    const path = join(stage.folder, second?.path ?? '');
    const before = readFileSync(path);
    harm(path);
    stage.gateway.asked.length = 0;
    await load();
    expect(stage.gateway.requests('books.pull')).toEqual([{ laneId: 1, after: '2', limit: 2 }]);
    expect(readFileSync(path)).toEqual(before);
    expect(await sum()).toEqual({ kind: 'paid', count: 8, amount: '800' });
    expect(await stage.alarms()).toEqual([
      { kind: 'segment_damaged', detail: expect.stringContaining('gateway lane 1, 3 to 4') as string },
    ]);
  });

  test('a lost segment whose source says something else now is an alarm, told once, and nothing of it is loaded', async () => {
    add(4);
    await stage.puller().pull.execute();
    for (const path of stage.files('gateway', 1)) unlinkSync(join(stage.folder, path));
    for (const fact of stage.book.facts) fact.amount = '101';
    const { load: loader } = stage.puller();
    for (let n = 0; n < 2; n++)
      await expect(loader.upTo('gateway', [{ laneId: 1, seq: '2' }])).rejects.toThrow(SegmentLost);
    expect(await stage.alarms()).toEqual([
      { kind: 'segment_lost', detail: expect.stringContaining('other facts now') as string },
    ]);
    expect([await loaded(), await sum()]).toEqual([[], undefined]);
  });

  test('a sealed text that is no list of facts stops its lane', async () => {
    add(2);
    const whole = stage.book.pull.bind(stage.book);
    jest.spyOn(stage.book, 'pull').mockImplementation((...asked) => {
      const page = whole(...asked);
      return { ...page, text: page.text.replace('\tCNY\t', `\tC\\'Y\t`) };
    });
    await stage.puller().pull.execute();
    await expect(load()).rejects.toThrow(UnreadableFacts);
    expect([await sum(), (await loaded()).filter(([, seq]) => seq > 0n)]).toEqual([undefined, []]);
  });
});
