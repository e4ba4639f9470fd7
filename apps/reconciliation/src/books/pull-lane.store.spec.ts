import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { factText } from '@yidian/testing';
import type { Archive } from '@yidian/archive';
import { throwError } from 'rxjs';
import { BooksStage } from '../testing/books-stage';
import { LaneGap } from './pull-lane';

const DATE = '2026-11-22';

describe('pulling the books', () => {
  let stage: BooksStage;
  beforeEach(async () => (stage = await BooksStage.open(DATE)));
  afterEach(() => stage.close());

  const add = (count: number): void => {
    for (let n = 0; n < count; n++) stage.book.add('paid', `2611220000000000000${n % 10}`, 100n);
  };
  const ofLane = (laneId: number) => stage.book.facts.filter((fact) => fact.laneId === laneId);

  test('pulls each fact once, however many pull at once', async () => {
    add(25);
    await Promise.all([1, 2, 3].map(() => stage.puller().pull.execute()));
    expect([...(await stage.segments.pulled('gateway'))]).toEqual([
      [1, 13n],
      [2, 12n],
    ]);
    add(7);
    await Promise.all([1, 2].map(() => stage.puller().pull.execute()));
    const rows = await stage.database.db.select(
      'SELECT lane_id AS lane, from_seq AS f, to_seq AS t, n FROM book_segment ORDER BY lane_id, from_seq',
    );
    expect(rows).toEqual([
      { lane: 1, f: 1n, t: 13n, n: 13 },
      { lane: 1, f: 14n, t: 16n, n: 3 },
      { lane: 2, f: 1n, t: 12n, n: 12 },
      { lane: 2, f: 13n, t: 16n, n: 4 },
    ]);
    expect(await stage.alarms()).toEqual([]);
  });

  test('a segment is the text of the source, under its hash; by day no fact is a row', async () => {
    add(9);
    await stage.puller().pull.execute();
    const [segment] = await stage.segments.after('gateway', 1, 0n, 10);
    const bytes = readFileSync(join(stage.folder, segment?.path ?? ''));
    expect(bytes.toString()).toBe(factText(ofLane(1)));
    expect(segment).toMatchObject({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    expect(await stage.database.db.select('SELECT COUNT(*) AS n FROM book_fact')).toEqual([{ n: 0n }]);
  });

  test('a gap is an alarm, told once; it stops its lane and no other, and nothing is skipped', async () => {
    add(20);
    const hole = stage.book.facts.findIndex((fact) => fact.laneId === 1 && fact.seq === '4');
    stage.book.facts.splice(hole, 1);
    const { pull } = stage.puller();
    await expect(pull.execute()).rejects.toThrow(LaneGap);
    expect(await stage.alarms()).toEqual([
      { kind: 'lane_gap', detail: expect.stringContaining('lane 1: after 0 came 5') as string },
    ]);
    expect([...(await stage.segments.pulled('gateway'))]).toEqual([[2, 10n]]);
    await expect(pull.execute()).rejects.toThrow(LaneGap);
    expect(await stage.alarms()).toHaveLength(1);
  });

  test('a page that says less than it holds, or nothing, is a gap as well', async () => {
    add(4);
    const whole = stage.book.pull(1, '0', 10);
    const pages = [
      { ...whole, n: 1 },
      { ...whole, toSeq: '3' },
      { ...whole, text: whole.text.slice(0, -1) },
      { fromSeq: '1', toSeq: '0', n: 0, text: '' },
    ];
    for (const page of pages) {
      jest.spyOn(stage.book, 'pull').mockReturnValue(page);
      await expect(stage.puller().pull.execute()).rejects.toThrow(LaneGap);
    }
    expect(await stage.database.db.select('SELECT * FROM book_segment')).toEqual([]);
  });

  test('killed between file and row: the page is pulled again, and the file is the same', async () => {
    add(6);
    const dying = stage.puller();
    const append = jest.spyOn(stage.segments, 'append').mockRejectedValue(new Error('killed'));
    await expect(dying.pull.execute()).rejects.toThrow('killed');
    append.mockRestore();
    const [orphan] = stage.files('gateway', 1);
    expect(await stage.database.db.select('SELECT * FROM book_segment')).toEqual([]);
    await stage.puller().pull.execute();
    expect(stage.files('gateway', 1)).toEqual([orphan]);
    expect((await stage.segments.after('gateway', 1, 0n, 10)).map(({ path }) => path)).toEqual([orphan]);
  });

  test('a file that nobody has a row for stays nobody’s when more was written before the next try', async () => {
    add(6);
    jest.spyOn(stage.segments, 'append').mockRejectedValueOnce(new Error('killed'));
    await expect(stage.puller().pull.execute()).rejects.toThrow('killed');
    add(4);
    await stage.puller().pull.execute();
    expect(stage.files('gateway', 1)).toHaveLength(2);
    expect(await stage.segments.after('gateway', 1, 0n, 10)).toMatchObject([{ from: 1n, to: 5n }]);
  });

  test('no row without its file: an archive that fails moves no cursor', async () => {
    add(2);
    const full = { put: () => Promise.reject(new Error('no space')) } as unknown as Archive;
    await expect(stage.puller(full).pull.execute()).rejects.toThrow('no space');
    expect([...(await stage.segments.pulled('gateway'))]).toEqual([]);
  });

  test('a segment is not written when the cursor has moved', async () => {
    add(2);
    await stage.puller().pull.execute();
    const [segment] = await stage.segments.after('gateway', 1, 0n, 1);
    if (!segment) throw new Error('nothing was pulled');
    expect(await stage.segments.append(segment)).toBe(false);
    expect(await stage.puller().lane.execute('gateway', 1, 0n)).toBe(1n);
  });

  test('lanes take turns, and a source that does not answer holds up no other', async () => {
    add(6);
    stage.credits.add('credited', '26112200000000000000', 100n);
    const whole = stage.book.pull.bind(stage.book);
    jest.spyOn(stage.book, 'pull').mockImplementation((laneId, after) => whole(laneId, after, 1));
    await stage.puller().pull.execute();
    expect(stage.gateway.requests('books.pull').map(({ laneId }) => laneId)).toEqual([1, 2, 1, 2, 1, 2]);
    stage.credits.add('credited', '26112200000000000001', 100n);
    jest.spyOn(stage.book, 'lanes').mockReturnValue(throwError(() => ({ message: 'away' })) as never);
    await expect(stage.puller().pull.execute()).rejects.toThrow('did not answer');
    expect([...(await stage.segments.pulled('billing')).values()]).toEqual([1n, 1n]);
  });

  test('what was pulled cannot be changed by this service', async () => {
    await expect(stage.database.db.run('UPDATE book_fact SET amount = 1')).rejects.toThrow(/denied/);
    await expect(stage.database.db.run('UPDATE book_segment SET n = 1')).rejects.toThrow(/denied/);
    await expect(stage.database.db.run('DELETE FROM book_segment')).rejects.toThrow(/denied/);
  });
});
