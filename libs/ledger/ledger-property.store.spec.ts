import { testDatabase, type TestDatabase } from '@yidian/testing';
import fc from 'fast-check';
import { cash, DAY, ledgerPlan } from './ledger-fixture';
import { Ledger } from './ledger';
import type { PostingInput, TransferInput } from './posting';

/** A model in a Map, postings one after the other, must agree with the door under concurrency where order does not matter. */
const FLOOR = -50n;
const CEILING = 500n;
const subscribers = ['a', 'b', 'c'];
const shared = ['branch/1/receivable', 'branch/1/revenue'];

const leg = fc
  .record({
    from: fc.constantFrom(...subscribers.map((name) => cash(`0${name}`)), ...shared),
    to: fc.constantFrom(...subscribers.map((name) => cash(`0${name}`)), ...shared),
    amount: fc.bigInt(1n, 200n),
    forced: fc.boolean(),
  })
  .filter((one) => one.from !== one.to)
  .map((one): TransferInput => ({
    debit: one.from,
    credit: one.to,
    amount: one.amount,
    kind: 'any',
    forced: one.forced,
  }));

type Step = { key: number; legs: TransferInput[]; tombstone: boolean };
const step: fc.Arbitrary<Step> = fc.record({
  key: fc.integer({ min: 0, max: 12 }),
  legs: fc.array(leg, { minLength: 1, maxLength: 4 }),
  tombstone: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

describe('ledger properties', () => {
  let database: TestDatabase;
  let ledger: Ledger;
  let round = 0;

  beforeAll(async () => {
    database = await testDatabase(ledgerPlan);
    ledger = new Ledger({ url: database.url, service: 'ledger', instance: 'test', db: database.db, lanes: 2 });
    await ledger.open();
  });
  afterAll(async () => {
    await ledger.close();
    await database.close();
  });

  /** Each round has accounts and keys of its own. */
  function postingOf({ key, legs }: Step): PostingInput {
    const own = (id: string): string => id.replace('/0', `/${round}`);
    const transfers = legs.map((one) => ({ ...one, debit: own(one.debit), credit: own(one.credit) }));
    return {
      key: `r${round}-${key}`,
      keyDay: DAY,
      actor: 'test',
      input: { legs: transfers.map((one) => [one.debit, one.credit, one.amount, one.forced].join(' ')).join(', ') },
      transfers,
      opens: subscribers.map((name) => ({ id: own(cash(`0${name}`)), kind: 'cash', floor: FLOOR, ceiling: CEILING })),
    };
  }
  const send = (one: Step) => {
    const posting = postingOf(one);
    return one.tombstone ? ledger.void({ key: posting.key, keyDay: DAY, actor: 'test' }) : ledger.post(posting);
  };

  /** What the door must decide, by its promise and nothing else. */
  class Model {
    readonly balances = new Map<string, bigint>();
    readonly outcomes = new Map<string, string>();

    take(one: Step): string {
      const { key, transfers } = postingOf(one);
      const known = this.outcomes.get(key);
      if (known !== undefined) return known;
      const outcome = one.tombstone ? 'voided' : this.allowed(transfers) ? 'posted' : 'rejected';
      this.outcomes.set(key, outcome);
      if (outcome === 'posted') for (const { debit, credit, amount } of transfers) this.move(debit, credit, amount);
      return outcome;
    }

    private allowed(transfers: readonly TransferInput[]): boolean {
      const ids = new Set(
        transfers.flatMap((one) => [one.debit, one.credit]).filter((id) => id.startsWith('subscriber/')),
      );
      return [...ids].every((id) => {
        const now = this.balances.get(id) ?? 0n;
        const sum = (side: 'debit' | 'credit') =>
          transfers.filter((one) => one[side] === id).reduce((total, one) => total + one.amount, 0n);
        const end = now + sum('credit') - sum('debit');
        const free = (side: 'debit' | 'credit') =>
          transfers.filter((one) => one[side] === id).every((one) => one.forced);
        return (end >= FLOOR || end >= now || free('debit')) && (end <= CEILING || end <= now || free('credit'));
      });
    }

    private move(debit: string, credit: string, amount: bigint): void {
      this.balances.set(debit, (this.balances.get(debit) ?? 0n) - amount);
      this.balances.set(credit, (this.balances.get(credit) ?? 0n) + amount);
    }
  }

  test('one after the other, the door decides as the model does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        round++;
        const model = new Model();
        for (const one of steps) expect((await send(one)).outcome).toBe(model.take(one));
        const ids = [...model.balances.keys()].filter((id) => id.startsWith('subscriber/'));
        expect(await ledger.balances(ids)).toEqual(new Map(ids.map((id) => [id, model.balances.get(id) ?? 0n])));
      }),
      { numRuns: 15 },
    );
  });

  test('all at once: every key has one outcome, sums are zero, balances are their transfers, chains hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120 }), async (steps) => {
        round++;
        const answers = await Promise.all(steps.map(send));
        const outcomes = new Map<string, string>();
        for (const { key, outcome } of answers) {
          expect(outcomes.get(key) ?? outcome).toBe(outcome);
          outcomes.set(key, outcome);
        }
      }),
      { numRuns: 15 },
    );
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });
});
