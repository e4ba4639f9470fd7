import { testDatabase, type TestDatabase } from '@yidian/testing';
import { Books, type FactInput } from '@yidian/journal';
import { cash, DAY, ledgerPlan, RECEIVABLE, topup, usage } from './ledger-fixture';
import { Ledger } from './ledger';
import { NO_LIMIT, type FactsOf, type HoldInput } from './posting';

const FACT: FactInput = {
  provider: 'bank_a',
  kind: 'credited',
  paymentNo: 'fact',
  refNo: '',
  providerTxnId: '',
  amount: 7n,
  currency: 'CNY',
  branch: '420000',
  acquiringBranch: '440000',
  channel: 'portal',
  partner: '',
  businessDate: null,
  occurredAt: new Date('2026-11-22T03:04:05.678Z'),
};

describe('ledger', () => {
  let database: TestDatabase;
  let ledger: Ledger;
  let other: Ledger;

  beforeAll(async () => {
    database = await testDatabase(ledgerPlan);
    await new Books(database.db).ensureProvider('bank_a', DAY);
    const options = { url: database.url, service: 'ledger', instance: 'test', db: database.db };
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
  const count = async (sql: string, ...params: unknown[]) =>
    (await database.db.select<{ n: bigint }>(`SELECT COUNT(*) AS n FROM ${sql}`, params))[0]?.n;

  test('the same key 64 times at once, from two processes: one credit and equal answers', async () => {
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, i) => (i % 2 ? ledger : other).post(topup('same', 's1', 5000n))),
    );
    for (const { replay: _, ...answer } of answers)
      expect(answer).toEqual({
        key: 'same',
        outcome: 'posted',
        balances: [{ account: cash('s1'), balance: 5000n }],
        at: answers[0]?.at,
      });
    expect(await balance(cash('s1'))).toBe(5000n);
    expect(await count("transfer WHERE k = 'same'")).toBe(1n);
    expect(await ledger.post(topup('same', 's1', 5000n))).toMatchObject({ replay: true, outcome: 'posted' });
  });

  test('the same key with other content is a conflict that names the first differing field', async () => {
    await ledger.post(topup('c1', 's2', 100n));
    const answers = await Promise.all([ledger.post(topup('c1', 's2', 200n)), ledger.post(topup('c1', 's3', 200n))]);
    expect(answers.map((answer) => [answer.conflict, answer.outcome])).toEqual([
      ['amount', 'posted'],
      ['amount', 'posted'],
    ]);
    expect(await ledger.post(topup('c1', 's3', 100n))).toMatchObject({ conflict: 'subscriber' });
    expect(await balance(cash('s2'))).toBe(100n);
    expect(await balance(cash('s3'))).toBe(0n);
  });

  test('other content at the same moment waits for the first, then is told', async () => {
    const [first, second] = await Promise.all([
      ledger.post(topup('c2', 's4', 100n)),
      ledger.post(topup('c2', 's4', 300n)),
    ]);
    expect(first.conflict).toBeUndefined();
    expect(second.conflict).toBe('amount');
    expect(await balance(cash('s4'))).toBe(100n);
  });

  test('a business rejection is stored with no transfer and comes back when the money is there', async () => {
    await ledger.post(topup('r1', 's5', 100n));
    const refused = await ledger.post(usage('r2', 's5', 101n));
    expect(refused).toMatchObject({ outcome: 'rejected', reason: 'below_floor', replay: false });
    await ledger.post(topup('r3', 's5', 1000n));
    expect(await ledger.post(usage('r2', 's5', 101n))).toEqual({ ...refused, replay: true });
    expect(await balance(cash('s5'))).toBe(1100n);
    expect(await count("transfer WHERE k = 'r2'")).toBe(0n);
    const decided = await ledger.post({ ...topup('r4', 's5', 1n), reject: 'number_closed' });
    expect(decided).toMatchObject({ outcome: 'rejected', reason: 'number_closed' });
    expect(await ledger.post(usage('r5', 'nobody', 1n))).toMatchObject({ reason: 'account_unknown' });
  });

  test('a key that was given up is never posted; a decided one cannot be given up', async () => {
    const tombstone = { keyDay: DAY, actor: 'test' };
    expect(await ledger.void({ key: 'v1', ...tombstone })).toMatchObject({ outcome: 'voided', replay: false });
    expect(await other.post(topup('v1', 's6', 100n))).toMatchObject({ outcome: 'voided', replay: true });
    expect(await balance(cash('s6'))).toBe(0n);
    const [posted, voided] = await Promise.all([
      ledger.post(topup('v2', 's6', 100n)),
      ledger.void({ key: 'v2', ...tombstone }),
    ]);
    expect([posted.outcome, voided.outcome]).toEqual(['posted', 'posted']);
    expect(
      await ledger.find([
        { key: 'v1', keyDay: DAY },
        { key: 'nothing', keyDay: DAY },
      ]),
    ).toMatchObject([{ outcome: 'voided', replay: true }, null]);
  });

  test('a forced transfer may pass the limit; arrears may then be paid in parts but not grow', async () => {
    await ledger.post(topup('f1', 's7', 100n));
    expect(await ledger.post(usage('f2', 's7', 500n, true))).toMatchObject({
      balances: [{ account: cash('s7'), balance: -400n }],
    });
    expect(await ledger.post(usage('f3', 's7', 1n))).toMatchObject({ outcome: 'rejected', reason: 'below_floor' });
    expect(await ledger.post(topup('f4', 's7', 150n))).toMatchObject({
      balances: [{ account: cash('s7'), balance: -250n }],
    });
    expect(await ledger.post(topup('f5', 's7', 300n))).toMatchObject({
      balances: [{ account: cash('s7'), balance: 50n }],
    });
    await expect(database.db.run('UPDATE account SET balance = -1 WHERE id = ?', [cash('s7')])).rejects.toThrow(
      /CONSTRAINT|constraint/,
    );
  });

  describe('holds', () => {
    const GUARD = 'guard/refunded/p1';
    const hold = (key: string, amount: bigint): HoldInput => ({
      key,
      keyDay: DAY,
      actor: 'test',
      input: { payment: 'p1', amount: String(amount) },
      take: { debit: cash('h1'), credit: RECEIVABLE, amount, kind: 'refund', onFloor: 'refund_exceeds_balance' },
      guards: [{ debit: 'offset/refunds', credit: GUARD, amount, kind: 'guard', onCeiling: 'refund_exceeds_paid' }],
      opens: [{ id: GUARD, kind: 'guard', floor: 0n, ceiling: 1000n }],
    });
    const end = (key: string, action: 'post' | 'void') => ledger.resolve({ key, keyDay: DAY, action, actor: 'test' });
    const credit = topup('h-topup', 'h1', 1000n);

    test('value is taken at once, cannot be spent, and moves on or back once', async () => {
      await ledger.post(credit);
      const receivable = (await balance(RECEIVABLE)) ?? 0n;
      expect(await ledger.hold(hold('h1', 600n))).toMatchObject({
        outcome: 'posted',
        balances: [
          { account: cash('h1'), balance: 400n },
          { account: 'guard/refunded/p1', balance: 600n },
        ],
      });
      expect(await ledger.post(usage('h-use', 'h1', 401n))).toMatchObject({ reason: 'below_floor' });
      expect(await ledger.hold(hold('h2', 401n))).toMatchObject({ reason: 'refund_exceeds_balance' });
      expect(await balance(RECEIVABLE)).toBe(receivable);
      const ends = await Promise.all([end('h1', 'post'), end('h1', 'void'), end('h1', 'post')]);
      expect(ends.filter((answer) => !answer.replay && !answer.conflict)).not.toHaveLength(0);
      expect(await balance(RECEIVABLE)).toBe(receivable + 600n);
      expect(await balance(`held/${RECEIVABLE}`)).toBe(0n);
      expect(await balance(cash('h1'))).toBe(400n);
      expect(await end('h1', 'void')).toMatchObject({ conflict: 'action', replay: true });
    });

    test('a void gives back, and the guard of partial refunds counts it no more', async () => {
      await ledger.post(topup('h-topup2', 'h1', 5000n));
      expect(await ledger.hold(hold('h3', 500n))).toMatchObject({ outcome: 'rejected', reason: 'refund_exceeds_paid' });
      expect(await ledger.hold(hold('h4', 400n))).toMatchObject({ outcome: 'posted' });
      expect(await balance(GUARD)).toBe(1000n);
      expect(await end('h4', 'void')).toMatchObject({ outcome: 'posted', key: 'resolve:h4' });
      expect(await balance(GUARD)).toBe(600n);
      expect(await balance(cash('h1'))).toBe(5400n);
    });

    test('what is not held cannot be resolved, and nothing is stored for it', async () => {
      for (const key of ['never', 'h3', 'h-topup'])
        expect(await end(key, 'post')).toMatchObject({ outcome: 'not_found', key: `resolve:${key}` });
      expect(await count("posting WHERE k = 'resolve:never'")).toBe(0n);
    });
  });

  test('facts ride in the same commit, for every outcome', async () => {
    const kinds = { posted: 'credited', rejected: 'credit_rejected', voided: 'credit_voided' } as const;
    const facts: FactsOf = (outcome) => [{ ...FACT, kind: kinds[outcome] }];
    await ledger.post({ ...topup('k1', 's8', 7n), facts });
    await ledger.post({ ...usage('k2', 's8', 8n), facts });
    await ledger.void({ key: 'k3', keyDay: DAY, actor: 'test', facts });
    await ledger.post({ ...topup('k1', 's8', 7n), facts });
    const totals = await new Books(database.db).totals('bank_a', DAY);
    expect(totals.totals).toEqual([
      { kind: 'credit_rejected', count: 1, amount: '7' },
      { kind: 'credit_voided', count: 1, amount: '7' },
      { kind: 'credited', count: 1, amount: '7' },
    ]);
  });

  test('what cannot be stored is refused alone; its neighbours commit', async () => {
    const keys = ['n1', 'n2', 'n3'];
    const bad = { ...topup('bad', 's9', 1n), facts: () => [{ ...FACT, channel: 'x'.repeat(17) }] };
    const ends = await Promise.allSettled([...keys.map((key) => ledger.post(topup(key, 's9', 1n))), ledger.post(bad)]);
    expect(ends.map((end) => end.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    expect((ends[3] as PromiseRejectedResult).reason).toMatchObject({ name: 'Poison' });
    expect(await balance(cash('s9'))).toBe(3n);
    await expect(ledger.post({ ...topup('zero', 's9', 1n), transfers: [] })).rejects.toMatchObject({ name: 'Poison' });
    await expect(ledger.post(topup('neg', 's9', -1n))).rejects.toThrow('out of range');
  });

  test('what no column could hold is refused before it meets anybody else', async () => {
    const one = topup('limits', 's10', 1n);
    const leg = one.transfers[0];
    if (!leg) throw new Error('a top-up has a leg');
    const bad = [
      { ...one, key: 'k'.repeat(81) },
      { ...one, actor: '' },
      { ...one, keyDay: '22.11.2026' },
      { ...one, currency: 'YUAN' },
      { ...one, input: { text: 'x'.repeat(16_001) } },
      { ...one, reject: 'r'.repeat(41) },
      { ...one, transfers: Array.from({ length: 9 }, () => leg) },
      { ...one, transfers: [{ ...leg, debit: leg.credit }] },
      { ...one, transfers: [{ ...leg, amount: NO_LIMIT }] },
      { ...one, transfers: [{ ...leg, kind: 'k'.repeat(21) }] },
      { ...one, transfers: [{ ...leg, onFloor: 'r'.repeat(41) }] },
      { ...one, opens: [{ id: cash('s10'), kind: 'cash', floor: 1n, ceiling: 0n }] },
    ];
    for (const posting of bad) await expect(ledger.post(posting)).rejects.toMatchObject({ name: 'Poison' });
    expect(await ledger.find([one])).toEqual([null]);
  });

  test('lanes write parts of a shared account of their own, which add up', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 ? ledger : other).post(topup(`part-${n}`, `part-${n}`, 1n))),
    );
    const parts = await database.db.select<{ slot: number; balance: bigint }>(
      'SELECT slot, balance FROM account_part WHERE account_id = ?',
      [RECEIVABLE],
    );
    expect(new Set(parts.map((part) => part.slot)).size).toBe(3);
    expect(await balance(RECEIVABLE)).toBe(parts.reduce((sum, part) => sum + part.balance, 0n));
  });

  test('the service cannot change or delete postings and transfers', async () => {
    for (const table of ['posting', 'transfer', 'fact', 'batch']) {
      await expect(database.db.run(`DELETE FROM ${table}`)).rejects.toThrow(/denied/);
      await expect(database.db.run(`UPDATE ${table} SET lane_id = 0`)).rejects.toThrow(/denied/);
    }
  });

  test('everything above verifies', async () => {
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });
});
