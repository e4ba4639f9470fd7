import { testDatabase, type TestDatabase } from '@yidian/testing';
import { cash, DAY, ledgerPlan, RECEIVABLE, topup, usage } from './ledger-fixture';
import { Ledger } from './ledger';
import type { HoldInput, ResolveInput } from './posting';

describe('dry runs, holds that end, reversals, conditions of accounts', () => {
  let database: TestDatabase;
  let ledger: Ledger;

  beforeAll(async () => {
    database = await testDatabase(ledgerPlan);
    ledger = new Ledger({ url: database.url, service: 'ledger', instance: 'test', db: database.db, lanes: 2 });
    await ledger.open();
  });
  afterAll(async () => {
    await ledger.close();
    await database.close();
  });
  const balance = async (id: string) => (await ledger.balances([id])).get(id);
  const rows = async (sql: string, ...params: unknown[]) =>
    Number((await database.db.select<{ n: bigint }>(`SELECT COUNT(*) AS n FROM ${sql}`, params))[0]?.n);

  describe('a dry run', () => {
    test('answers what would come of it, stores nothing, and leaves its neighbours alone', async () => {
      await ledger.post(topup('d0', 'd', 100n));
      const [dry, refused, real, later] = await Promise.all([
        ledger.post({ ...usage('d1', 'd', 60n), dryRun: true }),
        ledger.post({ ...usage('d2', 'd', 101n), dryRun: true }),
        ledger.post(usage('d3', 'd', 70n)),
        ledger.post({ ...usage('d4', 'd', 31n), dryRun: true }),
      ]);
      expect(dry).toMatchObject({ outcome: 'posted', dryRun: true, balances: [{ account: cash('d'), balance: 40n }] });
      expect(refused).toMatchObject({ outcome: 'rejected', reason: 'below_floor', dryRun: true });
      expect(real).toEqual({
        key: 'd3',
        outcome: 'posted',
        replay: false,
        balances: [{ account: cash('d'), balance: 30n }],
        at: real.at,
      });
      expect(later).toMatchObject({ outcome: 'rejected', dryRun: true });
      expect(await rows("posting WHERE k IN ('d1', 'd2', 'd4')")).toBe(0);
      expect(await balance(cash('d'))).toBe(30n);
    });

    test('opens no account, and its key is free afterwards', async () => {
      const first = { ...topup('d5', 'nobody', 5n), dryRun: true };
      expect(await ledger.post(first)).toMatchObject({
        outcome: 'posted',
        balances: [{ account: cash('nobody'), balance: 5n }],
      });
      expect(await rows('account WHERE id = ?', cash('nobody'))).toBe(0);
      expect(await ledger.post(topup('d5', 'nobody', 7n))).toMatchObject({ outcome: 'posted', replay: false });
      const again = await ledger.post({ ...topup('d5', 'nobody', 7n), dryRun: true });
      expect(again).toMatchObject({ outcome: 'posted', replay: true, dryRun: true });
      expect(await ledger.post({ ...topup('d5', 'nobody', 8n), dryRun: true })).toMatchObject({ conflict: 'amount' });
    });

    test('the same key at the same moment is not answered by the rehearsal', async () => {
      const [dry, real] = await Promise.all([
        ledger.post({ ...topup('d6', 'd6', 1n), dryRun: true }),
        ledger.post(topup('d6', 'd6', 1n)),
      ]);
      expect(dry.dryRun).toBe(true);
      expect(real.dryRun).toBeUndefined();
      expect(await balance(cash('d6'))).toBe(1n);
    });

    test('moves no row that rides along, and a hold may be rehearsed, too', async () => {
      await ledger.post(topup('d7', 'd7', 10n));
      const accepted = jest.fn();
      const decide = () => ({
        transfers: [{ debit: cash('d7'), credit: RECEIVABLE, amount: 3n, kind: 'take' }],
        notes: { taken: '3' },
        accepted,
      });
      const input = { key: 'd8', keyDay: DAY, actor: 'test', input: {}, dryRun: true };
      const planned = await ledger.hold({ ...input, plan: { accounts: [cash('d7')], decide } });
      expect(planned).toMatchObject({
        outcome: 'posted',
        notes: { taken: '3' },
        balances: [{ account: cash('d7'), balance: 7n }],
      });
      expect(accepted).not.toHaveBeenCalled();
      expect(await rows("posting WHERE k = 'd8'")).toBe(0);
    });
  });

  describe('a hold', () => {
    const PAST = new Date('2026-11-22T00:00:00.000Z');
    const FAR = new Date('2099-01-01T00:00:00.000Z');
    const hold = (key: string, amount: bigint, expiresAt?: Date): HoldInput => ({
      key,
      keyDay: DAY,
      actor: 'test',
      input: { amount: String(amount) },
      take: { debit: cash('h'), credit: RECEIVABLE, amount, kind: 'refund' },
      guards: [{ debit: 'offset/refunds', credit: 'guard/h', amount, kind: 'guard' }],
      opens: [{ id: 'guard/h', kind: 'guard', floor: 0n, ceiling: 10_000n }],
      ...(expiresAt ? { expiresAt } : {}),
    });
    const end = (key: string, action: ResolveInput['action'], amount?: bigint) =>
      ledger.resolve({ key, keyDay: DAY, action, actor: 'test', ...(amount === undefined ? {} : { amount }) });
    const due = async () => (await ledger.expiredHolds(10)).map((one) => one.key);

    beforeAll(async () => void (await ledger.post(topup('h0', 'h', 1_000n))));

    test('whose time is over counts as held until it is expired, once', async () => {
      await ledger.hold(hold('h1', 100n, PAST));
      expect(await balance(cash('h'))).toBe(900n);
      expect(await due()).toEqual(['h1']);
      const ends = await Promise.all([end('h1', 'expire'), end('h1', 'expire')]);
      for (const one of ends) expect(one).toMatchObject({ outcome: 'posted', key: 'resolve:h1' });
      expect([await balance(cash('h')), await balance('guard/h')]).toEqual([1_000n, 0n]);
      expect(await due()).toEqual([]);
      expect(await end('h1', 'post')).toMatchObject({ replay: true, conflict: 'action' });
    });

    test('may be posted late, as long as nobody has expired it', async () => {
      await ledger.hold(hold('h2', 100n, PAST));
      expect(await end('h2', 'post')).toMatchObject({ outcome: 'posted' });
      expect(await due()).toEqual([]);
      expect(await end('h2', 'expire')).toMatchObject({ conflict: 'action' });
      expect(await balance(cash('h'))).toBe(900n);
    });

    test('is not expired before its time, nor without one, and nothing is stored for the attempt', async () => {
      await ledger.hold(hold('h3', 100n, FAR));
      await ledger.hold(hold('h4', 100n));
      for (const key of ['h3', 'h4'])
        expect(await end(key, 'expire')).toMatchObject({ outcome: 'not_found', reason: 'not_due' });
      expect(await due()).toEqual([]);
      for (const key of ['h3', 'h4']) expect(await end(key, 'void')).toMatchObject({ outcome: 'posted' });
      expect(await rows('hold_due')).toBe(0);
    });

    test('its end is part of the promise; a refused hold is on no list', async () => {
      await ledger.hold(hold('h5', 1n, FAR));
      expect(await ledger.hold(hold('h5', 1n, PAST))).toMatchObject({ conflict: '~expiresAt' });
      expect(await ledger.hold(hold('h6', 100_000n, PAST))).toMatchObject({ outcome: 'rejected' });
      expect(await due()).toEqual([]);
      await end('h5', 'void');
    });

    test('of which a part is posted gives the rest back in the same posting', async () => {
      const [before, owed] = [await balance(cash('h')), await balance(RECEIVABLE)];
      const guarded = await balance('guard/h');
      await ledger.hold(hold('h7', 300n));
      expect(await end('h7', 'post', 120n)).toMatchObject({ outcome: 'posted' });
      expect(await end('h7', 'post', 120n)).toMatchObject({ replay: true });
      expect(await end('h7', 'post', 130n)).toMatchObject({ conflict: 'amount' });
      expect(await balance(cash('h'))).toBe((before ?? 0n) - 120n);
      expect(await balance(RECEIVABLE)).toBe((owed ?? 0n) + 120n);
      expect(await balance('guard/h')).toBe((guarded ?? 0n) + 120n);
      expect(await balance(`held/${RECEIVABLE}`)).toBe(0n);
      await ledger.hold(hold('h8', 10n));
      await expect(end('h8', 'post', 11n)).rejects.toMatchObject({ name: 'Poison' });
      await end('h8', 'void');
    });
  });

  describe('a reversal', () => {
    const back = (key: string, forced = false) => ledger.reverse({ key, keyDay: DAY, actor: 'test', forced });

    test('undoes every leg once, whoever asks however often', async () => {
      const promotion = { debit: 'branch/1/promotion', credit: cash('r'), amount: 10n, kind: 'bonus' };
      const posting = topup('r1', 'r', 100n);
      await ledger.post({ ...posting, transfers: [...posting.transfers, promotion] });
      const owed = (await balance(RECEIVABLE)) ?? 0n;
      const answers = await Promise.all(Array.from({ length: 8 }, () => back('r1')));
      for (const one of answers) expect(one).toMatchObject({ key: 'reverse:r1', outcome: 'posted' });
      expect([await balance(cash('r')), await balance('branch/1/promotion')]).toEqual([0n, 0n]);
      expect(await balance(RECEIVABLE)).toBe(owed + 100n);
      expect(await rows("transfer WHERE k = 'reverse:r1' AND refers_to = 'r1'")).toBe(2);
    });

    test('keeps to the limits unless it is forced', async () => {
      await ledger.post(topup('r2', 'r2', 100n));
      await ledger.post(usage('r2-use', 'r2', 60n));
      expect(await back('r2')).toMatchObject({ outcome: 'rejected', reason: 'below_floor' });
      expect(await back('r2', true)).toMatchObject({ outcome: 'rejected', conflict: 'forced' });
      await ledger.post(topup('r3', 'r2', 50n));
      await ledger.post(usage('r3-use', 'r2', 90n));
      expect(await back('r3', true)).toMatchObject({
        outcome: 'posted',
        balances: [{ account: cash('r2'), balance: -50n }],
      });
    });

    test('of what was never posted moves nothing; a hold is ended by its resolution', async () => {
      await ledger.void({ key: 'r4', keyDay: DAY, actor: 'test' });
      for (const key of ['never', 'r4', 'r2-no']) expect(await back(key)).toMatchObject({ outcome: 'not_found' });
      await ledger.post(topup('r5', 'r5', 100n));
      const take = { debit: cash('r5'), credit: RECEIVABLE, amount: 5n, kind: 'refund' };
      await ledger.hold({ key: 'r6', keyDay: DAY, actor: 'test', input: {}, take });
      await ledger.resolve({ key: 'r6', keyDay: DAY, action: 'post', actor: 'test' });
      for (const key of ['r6', 'resolve:r6']) await expect(back(key)).rejects.toThrow('ended by its resolution');
    });
  });

  describe('an account', () => {
    const set = (key: string, account: string, status: 'open' | 'frozen' | 'closed') =>
      ledger.setStatus({ key, keyDay: DAY, actor: 'court', account, status, input: { order: key } });

    test('that is frozen gives nothing out but takes money in; closed moves nothing; forced passes both', async () => {
      await ledger.post(topup('s0', 's', 100n));
      expect(await set('s1', cash('s'), 'frozen')).toMatchObject({ outcome: 'posted', replay: false });
      expect(await set('s1', cash('s'), 'frozen')).toMatchObject({ replay: true });
      expect(await ledger.post(usage('s2', 's', 1n))).toMatchObject({ outcome: 'rejected', reason: 'account_frozen' });
      expect(await ledger.post(topup('s3', 's', 1n))).toMatchObject({ outcome: 'posted' });
      await set('s4', cash('s'), 'closed');
      expect(await ledger.post(topup('s5', 's', 1n))).toMatchObject({ reason: 'account_closed' });
      expect(await ledger.post(usage('s6', 's', 1n, true))).toMatchObject({ outcome: 'posted' });
      await set('s7', cash('s'), 'open');
      expect(await ledger.post(usage('s8', 's', 1n))).toMatchObject({ outcome: 'posted' });
      expect(await balance(cash('s'))).toBe(99n);
      expect(await ledger.post(usage('s2', 's', 1n))).toMatchObject({ reason: 'account_frozen', replay: true });
    });

    test('takes its new condition in its place among the postings of one batch', async () => {
      await ledger.post(topup('t0', 't', 10n));
      const answers = await Promise.all([
        ledger.post(usage('t1', 't', 1n)),
        set('t2', cash('t'), 'frozen'),
        ledger.post(usage('t3', 't', 1n)),
      ]);
      expect(answers.map(({ outcome, reason }) => reason ?? outcome)).toEqual(['posted', 'posted', 'account_frozen']);
    });

    test('that is not there has no condition', async () => {
      expect(await set('u1', cash('unheard'), 'frozen')).toMatchObject({
        outcome: 'rejected',
        reason: 'account_unknown',
      });
    });
  });

  test('everything above verifies', async () => {
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });
});
