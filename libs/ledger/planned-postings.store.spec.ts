import type { SchemaPlan } from '@yidian/database';
import type { LaneTx } from '@yidian/journal';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { cash, DAY, ledgerPlan, RECEIVABLE, topup } from './ledger-fixture';
import { Ledger } from './ledger';
import type { Desk, Rider } from './plan';
import { NO_LIMIT, type HoldInput, type PostingInput } from './posting';

class Tally1763900000002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('CREATE TABLE tally (name VARCHAR(40) NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (name))');
  }
  down(): Promise<void> {
    throw new Error('forward only');
  }
}

const plan: SchemaPlan = { ...ledgerPlan, migrations: [...ledgerPlan.migrations, Tally1763900000002] };

/** A row per name that counts what was spent: the smallest thing that must agree with a balance. */
class Tallies implements Desk {
  private readonly before: Map<string, bigint>;
  constructor(readonly now: Map<string, bigint>) {
    this.before = new Map(now);
  }
  add(name: string, n: bigint): void {
    this.now.set(name, (this.now.get(name) ?? 0n) + n);
  }
  write(tx: LaneTx): void {
    for (const [name, n] of this.now)
      if (n !== this.before.get(name))
        tx.write({ sql: 'INSERT INTO tally VALUES (?) ON DUPLICATE KEY UPDATE n = VALUES(n)', params: [[name, n]] });
  }
}

const rider: Rider = {
  reads: (names) => [{ sql: 'SELECT name, n FROM tally WHERE name IN (?)', params: [names] }],
  desk: (_, [rows = []]) => {
    const counted = rows as { name: string; n: bigint }[];
    return new Tallies(new Map(counted.map(({ name, n }) => [name, n])));
  },
};

const tallies = (desk: Desk): Tallies => {
  if (!(desk instanceof Tallies)) throw new Error('rides with something else');
  return desk;
};

const gift = (name: string): string => `subscriber/${name}/bonus`;

describe('postings that are decided under the locks', () => {
  let database: TestDatabase;
  let ledger: Ledger;
  let other: Ledger;

  beforeAll(async () => {
    database = await testDatabase(plan);
    const options = { url: database.url, service: 'ledger', instance: 'test', db: database.db, rider };
    ledger = new Ledger({ ...options, lanes: 2 });
    other = new Ledger(options);
    await ledger.open();
    await other.open();
  });
  afterAll(async () => {
    await ledger.close();
    await other.close();
    await database.close();
  });

  const balance = async (id: string) => (await ledger.balances([id])).get(id);
  const tally = async (name: string) =>
    (await database.db.select<{ n: bigint }>('SELECT n FROM tally WHERE name = ?', [name]))[0]?.n ?? 0n;

  /** Takes what is there, at most `most`, and counts it. */
  const takeSome = (key: string, name: string, most: bigint): PostingInput => ({
    key,
    keyDay: DAY,
    actor: 'test',
    input: { name, most: String(most) },
    transfers: [],
    plan: {
      accounts: [cash(name)],
      rides: [name],
      decide: (balanceOf, desk) => {
        const there = balanceOf(cash(name));
        const taken = there < most ? there : most;
        if (taken === 0n) return { transfers: [], reject: 'nothing_left' };
        return {
          transfers: [{ debit: cash(name), credit: RECEIVABLE, amount: taken, kind: 'take' }],
          notes: { taken: String(taken) },
          accepted: () => tallies(desk).add(name, taken),
        };
      },
    },
  });

  /** Puts cash aside for the receivable and the gift for its giver; the guard counts. */
  const refund = (key: string, name: string, cashPart: bigint): HoldInput => ({
    key,
    keyDay: DAY,
    actor: 'test',
    input: { name, cashPart: String(cashPart) },
    opens: [{ id: `guard/${name}`, kind: 'guard', floor: 0n, ceiling: 1000n }],
    plan: {
      accounts: [cash(name), gift(name), `guard/${name}`],
      rides: [name],
      decide: (balanceOf, desk) => {
        const unused = balanceOf(gift(name));
        return {
          transfers: [
            { debit: cash(name), credit: RECEIVABLE, amount: cashPart, kind: 'refund', aside: true },
            ...(unused === 0n
              ? []
              : [{ debit: gift(name), credit: 'branch/1/promotion', amount: unused, kind: 'bonus', aside: true }]),
            { debit: 'branch/1/refunds', credit: `guard/${name}`, amount: cashPart, kind: 'guard' },
          ],
          notes: { unused: String(unused) },
          accepted: () => tallies(desk).add(name, cashPart),
        };
      },
    },
  });

  async function given(name: string, paid: bigint, bonus: bigint): Promise<void> {
    await ledger.post(topup(`t-${name}`, name, paid));
    await ledger.post({
      ...topup(`b-${name}`, name, bonus),
      transfers: [{ debit: 'branch/1/promotion', credit: gift(name), amount: bonus, kind: 'bonus' }],
      opens: [{ id: gift(name), kind: 'bonus', floor: 0n, ceiling: NO_LIMIT }],
    });
  }

  test('64 takers at two doors: each takes what the one before it left, and the rows say the same', async () => {
    await ledger.post(topup('p0', 'a', 1000n));
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, i) => (i % 2 ? ledger : other).post(takeSome(`p-${i}`, 'a', 30n))),
    );
    const taken = answers.map(({ notes }) => BigInt(notes?.['taken'] ?? '0'));
    expect(taken.reduce((a, b) => a + b, 0n)).toBe(1000n);
    expect(taken.filter((n) => n === 10n)).toHaveLength(1);
    expect(answers.filter(({ reason }) => reason === 'nothing_left')).toHaveLength(64 - 34);
    expect([await balance(cash('a')), await tally('a')]).toEqual([0n, 1000n]);
  });

  test('a replay gives the notes of the first answer and moves nothing', async () => {
    await ledger.post(topup('q0', 'b', 100n));
    const first = await ledger.post(takeSome('q1', 'b', 70n));
    expect(first).toMatchObject({
      outcome: 'posted',
      notes: { taken: '70' },
      balances: [{ account: cash('b'), balance: 30n }],
    });
    expect(await other.post(takeSome('q1', 'b', 70n))).toEqual({ ...first, replay: true });
    expect(await ledger.post(takeSome('q1', 'b', 60n))).toMatchObject({ conflict: 'most' });
    expect(await ledger.find([{ key: 'q1', keyDay: DAY }])).toEqual([{ ...first, replay: true }]);
    expect(await tally('b')).toBe(70n);
  });

  test('what the limits refuse leaves the rows alone', async () => {
    await ledger.post(topup('l0', 'c', 100n));
    const greedy = takeSome('l1', 'c', 70n);
    const twice = (decided: ReturnType<NonNullable<typeof greedy.plan>['decide']>) => ({
      ...decided,
      transfers: decided.transfers.map((leg) => ({ ...leg, amount: 101n })),
    });
    const decide = greedy.plan?.decide ?? (() => ({ transfers: [] }));
    const asked: PostingInput = {
      ...greedy,
      plan: { accounts: [cash('c')], rides: ['c'], decide: (b, d) => twice(decide(b, d)) },
    };
    expect(await ledger.post(asked)).toMatchObject({ outcome: 'rejected', reason: 'below_floor' });
    expect([await balance(cash('c')), await tally('c')]).toEqual([100n, 0n]);
  });

  test('a hold of several legs is carried out as a whole, or given back with its rows', async () => {
    await given('d', 500n, 40n);
    const held = { keyDay: DAY, actor: 'test' };
    expect(await ledger.hold(refund('h1', 'd', 200n))).toMatchObject({ outcome: 'posted', notes: { unused: '40' } });
    expect([await balance(cash('d')), await balance(gift('d')), await tally('d')]).toEqual([300n, 0n, 200n]);
    let told = 0n;
    const accepted = (desk: Desk, balanceOf: (account: string) => bigint) => {
      told = balanceOf(cash('d'));
      tallies(desk).add('d', -200n);
    };
    const back = { rides: ['d'], accepted };
    expect(await ledger.resolve({ key: 'h1', action: 'void', ...held, ...back })).toMatchObject({ outcome: 'posted' });
    expect(await ledger.resolve({ key: 'h1', action: 'void', ...held, ...back })).toMatchObject({ replay: true });
    expect(told).toBe(500n);
    expect([await balance(cash('d')), await balance(gift('d')), await tally('d')]).toEqual([500n, 40n, 0n]);
    expect([await balance('guard/d'), await balance('held/branch/1/promotion')]).toEqual([0n, 0n]);

    await ledger.hold(refund('h2', 'd', 500n));
    expect(await ledger.resolve({ key: 'h2', action: 'post', ...held })).toMatchObject({ outcome: 'posted' });
    expect([await balance(cash('d')), await balance(gift('d')), await tally('d')]).toEqual([0n, 0n, 500n]);
    expect([await balance('guard/d'), await balance('branch/1/promotion')]).toEqual([500n, 0n]);
    expect(await ledger.resolve({ key: 'h2', action: 'void', ...held, ...back })).toMatchObject({ conflict: 'action' });
  });

  test('a plan may decide that no money moves, and open an account all the same', async () => {
    const opens = [{ id: 'guard/e', kind: 'guard', floor: 0n, ceiling: 1n }];
    const decide = (_: unknown, desk: Desk) => ({ transfers: [], accepted: () => tallies(desk).add('e', 1n) });
    const note: PostingInput = {
      ...takeSome('n1', 'e', 1n),
      opens,
      plan: { accounts: ['guard/e'], rides: ['e'], decide },
    };
    expect(await ledger.post(note)).toMatchObject({
      outcome: 'posted',
      balances: [{ account: 'guard/e', balance: 0n }],
    });
    expect(await ledger.post(note)).toMatchObject({ replay: true });
    expect(await tally('e')).toBe(1n);
  });

  test('a plan that moves what it has not named is stopped, and its neighbours are not', async () => {
    const stray: PostingInput = {
      ...takeSome('x1', 'f', 1n),
      plan: { accounts: [], decide: () => ({ transfers: topup('x', 'f', 1n).transfers }) },
    };
    const [bad, good] = await Promise.allSettled([ledger.post(stray), ledger.post(topup('x2', 'f', 5n))]);
    expect([bad.status, good.status]).toEqual(['rejected', 'fulfilled']);
    expect(await balance(cash('f'))).toBe(5n);
  });

  test('afterwards sums, balances and chains hold', async () => {
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });
});
