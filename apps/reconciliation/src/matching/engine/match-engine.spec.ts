import fc from 'fast-check';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildBridges } from '../bridge';
import type { CaseOptions } from '../case';
import { contractFee, DAY, PROVIDER, type History } from '../histories';
import { CLEAN, DAMAGE, write } from '../histories.cases';
import { matchDay, type DayMatch } from '../match-day';
import type { StatementLine } from '../../statements/statement';
import { EngineStage, judged, statementText } from './engine-stage';
import { MatchEngine, type EngineOrder, type EngineResult } from './match-engine';

const options: CaseOptions = {
  provider: PROVIDER,
  date: DAY,
  quote: ({ amount }) => contractFee(amount),
  feeTolerance: 1n,
  waits: {},
  allowsReturns: false,
};

const found = (result: DayMatch) => result.findings.map(({ class: cls, key }) => `${cls} ${key}`).sort();
const injected = (day: History) => day.expected.map(({ class: cls, key }) => `${cls} ${key}`).sort();
const sums = (result: DayMatch) => ({
  counts: result.counts,
  findings: result.findings.map(({ id }) => id).sort(),
  closes: result.closes.length,
});

function residuals(day: History, engine: EngineResult, result: DayMatch): string[] {
  const sum = (service: string, kinds: string[]) =>
    day.facts
      .filter((fact) => fact.service === service && kinds.includes(fact.kind) && fact.bookDate === DAY)
      .reduce((total, fact) => total + fact.amount, 0n);
  const books = {
    paid: sum('gateway', ['paid']),
    returned: sum('gateway', ['refunded', 'reversed', 'returned']),
    credited: sum('billing', ['credited']),
  };
  return buildBridges(result.parts, engine.totals, books).map((bridge) => bridge.residual);
}

/** The whole day through the classifier alone. */
const classic = (day: History, lines: readonly StatementLine[]): DayMatch =>
  matchDay({ provider: PROVIDER, date: DAY, lines, facts: day.facts, prior: day.prior, carried: [] }, options);

/** The provider's time as the reader of the format gives it. */
const asRead = (lines: readonly StatementLine[]): StatementLine[] =>
  lines.map((line) => ({ ...line, at: new Date(line.at).toISOString() }));

describe('matching engine', () => {
  let stage: EngineStage;
  beforeEach(() => (stage = new EngineStage()));
  afterEach(() => stage.close());

  const run = async (day: History, lines = day.lines, more: Partial<EngineOrder> = {}) => {
    const engine = await stage.run(day, lines, more);
    return { engine, result: judged(day, engine, options) };
  };

  test.each([...Object.keys(CLEAN), ...Object.keys(DAMAGE)])('%s, among plain payments', async (name) => {
    const day = write([
      ['completed', 5000n],
      [name, 5000n],
      ['completed', 700n],
    ]);
    const { engine, result } = await run(day);
    expect(found(result)).toEqual(injected(day));
    expect(residuals(day, engine, result)).toEqual(['0', '0', '0', '0']);
    expect(engine.plain.count).toBeGreaterThanOrEqual(2);
    expect(engine.faults).toEqual([]);
  });

  test('random histories with random damage: what the classifier alone says of the whole day, residual 0, in any order', async () => {
    const history = fc.tuple(
      fc.oneof(
        { weight: 5, arbitrary: fc.constant('completed') },
        { weight: 3, arbitrary: fc.constantFrom(...Object.keys(CLEAN)) },
        { weight: 2, arbitrary: fc.constantFrom(...Object.keys(DAMAGE)) },
      ),
      fc.bigInt(200n, 5_000_000n),
    );
    const shape = fc.record({ bits: fc.nat({ max: 5 }), count: fc.integer({ min: 1, max: 3 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(history, { maxLength: 40 }),
        fc.infiniteStream(fc.nat()),
        shape,
        async (histories, noise, { bits, count }) => {
          const day = write(histories);
          const shuffled = day.lines
            .map((line) => ({ line, at: noise.next().value ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ line }) => line);
          const { engine, result } = await run(day);
          expect(found(result)).toEqual(injected(day));
          expect(residuals(day, engine, result)).toEqual(['0', '0', '0', '0']);
          expect({ ...sums(result), closes: 0 }).toEqual({ ...sums(classic(day, asRead(day.lines))), closes: 0 });
          const again = await run(day, shuffled, { bits, workers: { count, threads: false } });
          expect(again.result.digest).toBe(result.digest);
          expect(sums(again.result)).toEqual(sums(result));
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);

  test('how far it is: never back, half when all is partitioned, whole at the end, and resumed no less', async () => {
    const day = write(Array.from({ length: 60 }, (_, n) => ['completed', BigInt(n + 100)]));
    const shares: number[] = [];
    const share = (one: number): void => void shares.push(one);
    await run(day, day.lines, { bits: 2, share });
    expect(shares).toEqual([0.5, 0.625, 0.75, 0.875, 1]);
    const [part = ''] = readdirSync(join(stage.folder, 'run')).filter((name) => name.endsWith('.matched'));
    rmSync(join(stage.folder, 'run', part));
    await run(day, day.lines, { bits: 2, share });
    expect(shares.slice(5)).toEqual([1]);
  });

  test.each([
    ['part of what a refund took', 60n, -60n, 0],
    ['more than was ever taken', 0n, -60n, 0],
  ])('value given back, %s: a negative fact is never plain, the tables judge it', async (_, taken, back, breaks) => {
    const day = write([
      ['completed', 5000n],
      ['completed', 700n],
    ]);
    const paymentNo = day.facts[0]?.paymentNo ?? '';
    const fact = { kind: 'credit_reversed', paymentNo, refNo: `R${paymentNo}` } as const;
    if (taken > 0n) day.fact('billing', { ...fact, amount: taken });
    day.fact('billing', { ...fact, amount: back });
    const book = await stage.book(day.facts, 'billing');
    expect(book.manifest.sums['credit_reversed']).toEqual({ count: taken > 0n ? 2 : 1, amount: `${taken + back}` });
    const { engine, result } = await run(day);
    expect(engine.plain).toMatchObject({ count: 1, amount: 700n });
    expect(engine.numbers).toEqual([paymentNo]);
    expect(sums(result)).toEqual({ ...sums(classic(day, asRead(day.lines))), closes: result.closes.length });
    expect(result.findings).toHaveLength(breaks);
    expect(residuals(day, engine, result)).toEqual(['0', '0', '0', '0']);
  });

  test('a negative fact alone in its group, of the amount of the line, is not taken for a credit', async () => {
    const day = write([['completed', 700n]]);
    const line = day.lines[0] as StatementLine;
    const paymentNo = day.facts[0]?.paymentNo ?? '';
    const credits = day.facts.filter((fact) => fact.kind === 'credited');
    for (const fact of credits) day.facts.splice(day.facts.indexOf(fact), 1);
    day.fact('billing', { kind: 'credit_reversed', paymentNo, refNo: `R${paymentNo}`, amount: -line.amount });
    const { engine, result } = await run(day);
    expect(engine.plain.count).toBe(0);
    expect(engine.numbers).toEqual([paymentNo]);
    expect(found(result)).toEqual(found(classic(day, asRead(day.lines))));
    expect(found(result)).toEqual([`uncredited ${paymentNo}`]);
  });

  test('a partition with more lines than memory should hold is joined in stretches, a single key of many lines too', async () => {
    const day = write(Array.from({ length: 300 }, (_, n) => ['completed', BigInt(n + 100)]));
    const twice = [...day.lines, ...Array.from({ length: 100 }, () => day.lines[0] as StatementLine)];
    const whole = await run(day, twice, { bits: 0 });
    const parted = await run(day, twice, { bits: 0, mostLines: 16, folder: join(stage.folder, 'parted') });
    expect(parted.result.digest).toBe(whole.result.digest);
    expect(whole.result.findings.map((finding) => finding.class)).toEqual(Array(100).fill('duplicate_line'));
  });

  test('lines that are not readable are findings with their place in the file; the rest goes on', async () => {
    const day = write([
      ['completed', 5000n],
      ['completed', 600n],
    ]);
    const text = statementText(day.lines).split('\n');
    text.splice(2, 0, 'D|9|PAY|broken', '');
    const order = await stage.order(day, day.lines);
    writeFileSync(order.statement.path, text.join('\n'));
    const result = await new MatchEngine(order).run();
    expect(result.unreadable).toMatchObject([{ line: 3, raw: 'D|9|PAY|broken' }]);
    expect(result.plain).toMatchObject({ count: 2, amount: 5600n });
    expect(result.totals).toMatchObject({ lines: 2, unreadable: 1, unread: 0n });
  });

  test('a trailer or header in the wrong place is a fault of the file', async () => {
    const day = write([
      ['completed', 5000n],
      ['completed', 600n],
    ]);
    const [header = '', first = '', second = '', trailer = ''] = statementText(day.lines).split('\n');
    const order = await stage.order(day, day.lines);
    const faults = async (...lines: string[]) => {
      writeFileSync(order.statement.path, lines.join('\n'));
      return (
        await new MatchEngine({
          ...order,
          folder: join(stage.folder, `f${lines.join('').length}-${lines[1]?.[0]}`),
        }).run()
      ).faults;
    };
    expect(await faults(header, first, second, trailer)).toEqual([]);
    expect(await faults(first, header, second, trailer)).toContain('the header is not the first line');
    expect(await faults(header, first, trailer, second)).toContain('the trailer is not the last line');
    expect(await faults(header, first, second)).toContain('the trailer is not the last line');
  });
});
