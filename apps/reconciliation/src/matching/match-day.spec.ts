import fc from 'fast-check';
import { TotalsOfLines } from '../statements/statement-totals';
import { buildBridges } from './bridge';
import type { CaseOptions } from './case';
import { AFTER, contractFee, DAY, History, PROVIDER } from './histories';
import { CLEAN, DAMAGE, write } from './histories.cases';
import { matchDay, type DayMatch } from './match-day';

const options: CaseOptions = {
  provider: PROVIDER,
  date: DAY,
  quote: ({ amount }) => contractFee(amount),
  feeTolerance: 1n,
  waits: {},
  allowsReturns: false,
};

function match(day: History, reorder: <T>(list: readonly T[]) => T[] = (list) => [...list]): DayMatch {
  const lines = reorder(day.lines).map((line, place) => ({ ...line, line: place + 2 }));
  const { facts, prior } = day;
  return matchDay(
    { provider: PROVIDER, date: DAY, lines, facts: reorder(facts), prior: reorder(prior), carried: [] },
    options,
  );
}

function residuals(day: History, result: DayMatch): string[] {
  const sum = (service: string, kinds: string[]) =>
    day.facts
      .filter((fact) => fact.service === service && kinds.includes(fact.kind) && fact.bookDate === DAY)
      .reduce((total, fact) => total + fact.amount, 0n);
  const sums = new TotalsOfLines();
  day.lines.forEach((line) => sums.line(line));
  const statement = sums.totals({ unreadable: 0, unread: 0n, unreadFees: 0n });
  const books = {
    paid: sum('gateway', ['paid']),
    returned: sum('gateway', ['refunded', 'reversed', 'returned']),
    credited: sum('billing', ['credited']),
  };
  return buildBridges(result.parts, statement, books).map((bridge) => `${bridge.kind} ${bridge.residual}`);
}

const BALANCED = ['payments 0', 'refunds 0', 'fees 0', 'credits 0'];
const found = (result: DayMatch) => result.findings.map(({ class: cls, key }) => `${cls} ${key}`).sort();
const injected = (day: History) => day.expected.map(({ class: cls, key }) => `${cls} ${key}`).sort();

describe('matching one provider-day', () => {
  test.each(Object.keys(CLEAN))('%s is no difference', (name) => {
    const day = write([[name, 5000n]]);
    const result = match(day);
    expect(found(result)).toEqual([]);
    expect(residuals(day, result)).toEqual(BALANCED);
  });

  test.each(Object.keys(DAMAGE))('%s is found, and nothing else', (name) => {
    const day = write([[name, 5000n]]);
    const result = match(day);
    expect(found(result)).toEqual(injected(day));
    expect(residuals(day, result)).toEqual(BALANCED);
  });

  test('random histories with random damage: found = injected, every residual 0, any order the same bytes', () => {
    const history = fc.tuple(
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...Object.keys(CLEAN)) },
        { weight: 1, arbitrary: fc.constantFrom(...Object.keys(DAMAGE)) },
      ),
      fc.bigInt(200n, 5_000_000n),
    );
    fc.assert(
      fc.property(fc.array(history, { maxLength: 60 }), fc.infiniteStream(fc.nat()), (histories, noise) => {
        const day = write(histories);
        const result = match(day);
        expect(found(result)).toEqual(injected(day));
        expect(residuals(day, result)).toEqual(BALANCED);
        const shuffle = <T>(list: readonly T[]): T[] =>
          list
            .map((value) => ({ value, at: noise.next().value ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ value }) => value);
        const again = match(day, shuffle);
        expect(again.digest).toBe(result.digest);
        expect(again.items).toEqual(result.items);
      }),
      { numRuns: 150 },
    );
  });

  test('what agrees settles with its branch or follows its payment, all else waits in suspense', () => {
    const day = write([
      ['completed', 5000n],
      ['uncredited', 5000n],
      ['late_success', 5000n],
      ['fee_mismatch', 5000n],
      ['reversed_shown', 5000n],
      ['refused_and_given_back', 5000n],
      ['partly_refunded', 5000n],
    ]);
    const due = match(day).items.filter((item) => item.matched);
    expect(due.map(({ kind, class: cls, amount }) => `${kind} ${cls} ${amount}`).sort()).toEqual([
      'payment fee_mismatch 5000',
      'payment matched 5000',
      'payment matched 5000',
      'payment matched 5000',
      'refund matched -100',
      'refund matched -5000',
      'reversal matched -5000',
    ]);
  });

  test('a difference in what was learned after the cut waits for the next date', () => {
    const day = new History();
    day.payment(5000n).gateway('submitted').gateway('paid', { bookDate: AFTER }).pay();
    expect(match(day).findings).toMatchObject([{ class: 'uncredited', wait: 1 }]);
  });

  test('an item that has found its other half closes its suspense', () => {
    const day = write([['in_their_next_file', 5000n]]);
    const key = day.facts[0]?.paymentNo;
    expect(match(day).closes).toContainEqual({ kind: 'payment', key, leg: '' });
  });
});
