import { testDatabase, type TestDatabase } from '@yidian/testing';
import fc from 'fast-check';
import { journalPlan } from './journal-fixture';
import { LaneConnection } from './lane-connection';
import { Rendered, sqlStored, sqlText } from './sql-text';

describe('values as SQL text', () => {
  let database: TestDatabase;
  let lane: LaneConnection;

  beforeAll(async () => {
    database = await testDatabase(journalPlan);
    lane = await LaneConnection.open({ url: database.url });
  });
  afterAll(async () => {
    lane.destroy();
    await database.close();
  });

  const readBack = async (value: unknown) => (await lane.select('SELECT ? AS v', [value]))[0]?.['v'];

  test('whatever a text holds, the server reads what was meant', async () => {
    const nasty = ["it's", '\\', "\\'", '"', '\0', '\n\r\t\b\x1a', '?', "');DROP TABLE lane;--", '%_', '', '转账😀'];
    for (const text of nasty) expect(await readBack(text)).toBe(text);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => expect(await readBack(text)).toBe(text)),
      { numRuns: 150 },
    );
  });

  test('what is stored as hex is the text it was', async () => {
    const texts = ["it's short", `a ${'long '.repeat(12)}one`, `${'转账😀'.repeat(14)}'"\\\0`];
    for (const [n, text] of texts.entries()) {
      const stored = sqlStored(text);
      await lane.run(
        `INSERT INTO audit (lane_id, batch_no, n, at, actor, action, object, before_json, after_json)
         VALUES (-1, 0, ${n}, NOW(3), 'test', 'store', ${stored}, ${stored}, NULL)`,
      );
    }
    const rows = await lane.select('SELECT object, before_json FROM audit WHERE lane_id = -1 ORDER BY n');
    expect(rows).toEqual(texts.map((text) => ({ object: text, before_json: text })));
    expect(sqlStored('x'.repeat(49))).toBe(`x'${'78'.repeat(49)}'`);
  });

  test('numbers, bytes, times and nothing come back as they went', async () => {
    expect(await readBack(-4611686018427387904n)).toBe(-4611686018427387904n);
    expect(await readBack(null)).toBeNull();
    expect(await readBack(Buffer.from([0, 39, 92, 255]))).toEqual(Buffer.from([0, 39, 92, 255]));
    const [row] = await lane.select('SELECT CAST(? AS DATETIME(3)) AS at', [new Date('2026-11-22T03:04:05.678Z')]);
    expect(row?.['at']).toEqual(new Date('2026-11-22T03:04:05.678Z'));
  });

  test('lists and rows are written as the driver writes them', () => {
    expect(sqlText('a IN (?) AND b = ?', [['x', 1], 2n])).toBe("a IN ('x',1) AND b = 2");
    expect(
      sqlText('VALUES ?', [
        [
          ['a', null],
          ["b'", 3],
        ],
      ]),
    ).toBe("VALUES ('a',NULL),('b\\'',3)");
    expect(sqlText('VALUES (?)', [[1, '?']])).toBe("VALUES (1,'?')");
    expect(sqlText('VALUES ?', [new Rendered('(1),(2)')])).toBe('VALUES (1),(2)');
  });

  test.each([[[undefined]], [[Number.NaN]], [[{}]], [[]], [[1, 2]]])('%j is refused', (params: unknown[]) => {
    expect(() => sqlText('SELECT ?', params)).toThrow();
  });
});
