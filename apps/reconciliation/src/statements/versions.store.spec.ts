import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DATE, StatementStage } from '../testing/statement-stage';

const no = (n: number) => `261122${String(n).padStart(14, '0')}01`;
interface Row {
  n: number;
  amount?: number;
  fee?: number;
}
const line = ({ n, amount = 5000, fee = 30 }: Row) =>
  `D|${n}|PAY|${no(n)}|T${n}||${amount}|${fee}|CNY|${DATE}T12:00:00+08:00|SUCCESS`;

function yd1(rows: readonly Row[], date = DATE): string {
  const sum = rows.reduce((total, { amount = 5000 }) => total + amount, 0);
  const fees = rows.reduce((total, { fee = 30 }) => total + fee, 0);
  return [`H|YD1|bank_a|${date}|CNY`, ...rows.map(line), `T|${rows.length}|${sum}|${fees}`, ''].join('\n');
}

/** Bytes that are still reachable: what waits to be collected says nothing. The first collection only begins to give buffers back. */
function living(): number {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('versions of a statement', () => {
  let stage: StatementStage;
  beforeEach(async () => void (stage = await StatementStage.open()));
  afterEach(() => stage.close());
  const versions = async () => (await stage.store.versions(DATE)).map(({ version, state }) => `${version} ${state}`);

  test('the same bytes are no new version; those of an older one neither: what came after them stands', async () => {
    stage.play(yd1([{ n: 1 }]));
    await stage.night();
    expect(await stage.night()).toMatchObject({ kind: 'done' });
    expect(await versions()).toEqual(['1 accepted']);
    stage.play(yd1([{ n: 1 }, { n: 2 }]));
    await stage.night();
    stage.play(yd1([{ n: 1 }]));
    const outcome = await stage.fetch.run(stage.step('fetch'));
    expect(await versions()).toEqual(['2 accepted', '1 superseded']);
    expect(outcome).toEqual({ kind: 'done', resultHash: (await stage.current()).sha256 });
  });

  test('a replacement says which lines it added, removed and changed, with their sums', async () => {
    stage.play(yd1([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 3 }]));
    await stage.night();
    stage.play(yd1([{ n: 4, amount: 700, fee: 4 }, { n: 2, fee: 31 }, { n: 3 }]));
    await stage.night();
    const file = await stage.current();
    expect(file.difference).toEqual({
      against: 1,
      same: 1,
      added: { lines: 1, amount: 700n, fee: 4n },
      removed: { lines: 2, amount: 10_000n, fee: 60n },
      changed: { lines: 1, amountBefore: 5000n, amountAfter: 5000n, feeBefore: 30n, feeAfter: 31n },
      complete: true,
    });
    const changes = await stage.rows.changed(file);
    expect(
      changes.map(({ what, our_ref, line_before, line_after }) => [what, our_ref, line_before, line_after]),
    ).toEqual(
      expect.arrayContaining([
        ['added', no(4), null, 2],
        ['removed', no(1), 2, null],
        ['removed', no(3), 5, null],
        ['changed', no(2), 3, 3],
      ]),
    );
    expect(changes).toHaveLength(4);
  });

  test('another order of the same lines is another file that changes nothing', async () => {
    stage.play(yd1([{ n: 1 }, { n: 2 }, { n: 3 }]));
    await stage.night();
    stage.play(yd1([{ n: 3 }, { n: 1 }, { n: 2 }]));
    await stage.night();
    const { difference } = await stage.current();
    expect(difference).toMatchObject({ same: 3, added: { lines: 0 }, removed: { lines: 0 }, changed: { lines: 0 } });
  });

  test('a file comes after "none today"; "none today" does not undo a file; an empty file is not "none today"', async () => {
    stage.answers.set(`bank_a ${DATE}`, { state: 'none_today' });
    await stage.night();
    stage.play('');
    expect((await stage.night()).kind).toBe('failed');
    stage.play(yd1([{ n: 1 }]));
    await stage.night();
    stage.answers.set(`bank_a ${DATE}`, { state: 'none_today' });
    await stage.night();
    expect(await versions()).toEqual(['3 accepted', '2 superseded', '1 superseded']);
    expect((await stage.current()).difference).toMatchObject({ against: 2, added: { lines: 1 } });
  });

  test('a large file comes from the gateway in parts; one that changes under way is not kept', async () => {
    stage.part = 1_000;
    const text = yd1(Array.from({ length: 200 }, (_, n) => ({ n: n + 1 })));
    stage.play(text);
    expect(await stage.night()).toMatchObject({ kind: 'done' });
    expect(await stage.current()).toMatchObject({ bytes: text.length, totals: { lines: 200 } });
    expect(stage.gateway.requests('statements.fetch')).toHaveLength(Math.ceil(text.length / 1_000));
    stage.play(text, { provider: 'bank_a', date: '2026-11-23' });
    stage.afterAnswer = () => stage.play(text.replace('T1|', 'T0|'), { date: '2026-11-23' });
    const moved = await stage.night({ date: '2026-11-23' });
    expect(moved).toEqual({ kind: 'failed', why: 'the rest of it is gone' });
    expect(await stage.store.current('bank_a', '2026-11-23')).toBeNull();
  });

  test('a file of any size is archived, read, quarantined and compared in flat memory', async () => {
    const rows = 120_000;
    const before = living();
    const seen: number[] = [];
    async function* bytes(damaged: number) {
      yield Buffer.from(`H|YD1|bank_a|${DATE}|CNY\n`);
      for (let n = 1; n <= rows; n += 1_000) {
        const block = Array.from({ length: 1_000 }, (_, i) =>
          n + i === damaged ? `D|${damaged}|???` : line({ n: n + i }),
        );
        yield await Promise.resolve(Buffer.from(`${block.join('\n')}\n`));
        if (n % 40_000 === 1) seen.push(living() - before);
      }
      yield Buffer.from(`T|${rows}|${rows * 5000}|${rows * 30}\n`);
    }
    for (const damaged of [7, 8]) {
      const kept = await stage.archive.putStream(['bank_a', DATE, 'day.txt'], bytes(damaged));
      expect(kept.bytes).toBeGreaterThan(10_000_000);
      const { sha256, path: archivePath } = kept;
      await stage.store.add({
        provider: 'bank_a',
        date: DATE,
        state: 'fetched',
        fileName: 'day.txt',
        sha256,
        archivePath,
      });
      expect(await stage.parse.run(stage.step('parse'))).toMatchObject({ kind: 'done' });
      seen.push(living() - before);
    }
    const read = await stage.read.stream(await stage.current(), 'bank-direct', {
      line: ({ line: at }) => void (at === 100_000 && seen.push(living() - before)),
    });
    expect(read.totals).toMatchObject({ lines: rows - 1, unreadable: 1, unread: 5000n });
    expect(seen).toHaveLength(9);
    expect(Math.max(...seen)).toBeLessThan(8 * 1_048_576);
    const { difference } = await stage.current();
    expect(difference).toMatchObject({ same: rows - 2, added: { lines: 1 }, removed: { lines: 1 } });
    const spill = join(stage.folder, 'spill');
    expect(existsSync(spill) ? readdirSync(spill) : []).toEqual([]);
  }, 120_000);
});

describe('waiting for a statement', () => {
  let stage: StatementStage;
  beforeEach(async () => void (stage = await StatementStage.open()));
  afterEach(() => stage.close());
  const soon = '2999-01-01';

  test('the first try waits for the provider’s hour; whoever hurries it is obeyed', async () => {
    stage.providers.set('bank_a', { profile: { statementFrom: '10:00' } as object });
    const early = await stage.fetch.run(stage.step('fetch', { date: soon }));
    expect(early).toMatchObject({ kind: 'again', why: 'the statement is expected from 10:00 on' });
    expect(stage.gateway.requests('statements.fetch')).toEqual([]);
    expect(await stage.waits.of(soon)).toMatchObject([
      {
        state: 'not_due',
        tries: 0,
        nextAt: new Date('2999-01-02T10:00:00+08:00'),
        deadlineAt: new Date('2999-01-02T12:00:00+08:00'),
      },
    ]);
    expect(await stage.fetch.run(stage.step('fetch', { date: soon, tries: 2 }))).toMatchObject({ kind: 'again' });
    expect(await stage.waits.of(soon)).toMatchObject([{ state: 'not_ready', tries: 1 }]);
    expect(stage.gateway.requests('statements.fetch')).toHaveLength(1);
  });

  test('"not yet" is asked again as the provider likes it, "none" and a file end the waiting', async () => {
    expect(await stage.night()).toMatchObject({ kind: 'again', afterMs: 100 });
    stage.providers.set('wx', { connector: 'wechat-pay' });
    expect(await stage.night({ provider: 'wx' })).toMatchObject({ kind: 'again', afterMs: 30 * 60_000 });
    stage.providers.set('slow', { profile: { statementEveryMinutes: 5 } as object });
    expect(await stage.night({ provider: 'slow' })).toMatchObject({ kind: 'again', afterMs: 5 * 60_000 });
    stage.answers.set(`slow ${DATE}`, { state: 'none_today' });
    stage.play(yd1([{ n: 1 }]));
    expect(await stage.night()).toMatchObject({ kind: 'done' });
    expect(await stage.night({ provider: 'slow' })).toMatchObject({ kind: 'done' });
    const waits = await stage.waits.of(DATE);
    expect(waits.map(({ provider, state, tries, nextAt }) => [provider, state, tries, nextAt === null])).toEqual([
      ['bank_a', 'in', 2, true],
      ['slow', 'none_today', 2, true],
      ['wx', 'not_ready', 1, false],
    ]);
    expect(await stage.current('slow')).toMatchObject({ state: 'none_today', totals: { lines: 0 } });
  });

  test('beyond the deadline it is an alarm, once; what comes then is marked late', async () => {
    await stage.night();
    await stage.late.execute();
    await stage.night();
    await stage.late.execute();
    expect(await stage.alarms()).toEqual([
      { kind: 'statement_late', detail: expect.stringMatching(/^not there by 2026-11-23T04:00:00.000Z after 1 tries/) },
    ]);
    stage.play(yd1([{ n: 1 }]));
    await stage.night();
    expect(await stage.current()).toMatchObject({ late: true, state: 'accepted' });
    expect(await stage.waits.of(DATE)).toMatchObject([{ state: 'in', lateAt: expect.any(Date) }]);
    await stage.late.execute();
    expect(await stage.alarms()).toHaveLength(1);
    stage.play(yd1([], soon), { date: soon });
    await stage.night({ date: soon });
    expect(await stage.current('bank_a', soon)).toMatchObject({ late: false });
  });

  test('a provider that is not understood is an error and waited for; a file that is there stands', async () => {
    const broken = () => {
      stage.part = 50;
      stage.play(yd1([{ n: 2 }]));
      stage.afterAnswer = () => void stage.answers.clear();
    };
    broken();
    expect(await stage.night()).toEqual({ kind: 'failed', why: 'the rest of it is gone' });
    expect(await stage.waits.of(DATE)).toMatchObject([{ state: 'unanswered', tries: 1 }]);
    stage.part = 1_000;
    stage.play(yd1([{ n: 1 }]));
    await stage.night();
    broken();
    expect(await stage.night()).toMatchObject({ kind: 'done' });
    expect(await stage.waits.of(DATE)).toMatchObject([{ state: 'unanswered', tries: 3 }]);
    expect(await stage.current()).toMatchObject({ version: 1, state: 'accepted' });
  });
});
