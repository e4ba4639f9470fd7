import type { PaymentLine } from '@yidian/contracts';
import { playService, type PlayedService } from '../../test/services';
import { Timeline } from '../payments';
import { PlayedCustomer } from '../testing/played-customer';
import { PlayedGateway } from '../testing/played-gateway';
import { ChangeBlocks } from './change-blocks';
import { DecideReview } from './decide-review';
import { ReviewsStore } from './reviews.store';

interface Answer {
  id?: string;
  state?: string;
  code?: string;
  outcome?: string;
}

describe('what may not be paid', () => {
  let gateway: PlayedGateway;
  let reconciliation: PlayedService;
  let lines: PaymentLine[] = [];
  let askedFor: { paymentNo: string; provider: string }[] = [];
  let serial = 0;
  beforeAll(async () => {
    reconciliation = await playService({
      'lines.of_payments': ({ payments }: { payments: typeof askedFor }) => {
        askedFor = payments;
        return { lines };
      },
    });
    const bounds = { RISK_NUMBERS_PER_PAYER: '2', RISK_PAYERS_PER_NUMBER: '2' };
    const settings = { ...bounds, RECONCILIATION_RPC: `127.0.0.1:${reconciliation.port}` };
    gateway = await PlayedGateway.start({ settings });
  });
  afterAll(() => gateway.close());

  const get = <T>(type: abstract new (...args: never[]) => T): T => gateway.app.get<T>(type, { strict: false });
  const newNumber = (): string => {
    const msisdn = `1374000${String(++serial).padStart(4, '0')}`;
    gateway.billing.state.addNumber(msisdn);
    return msisdn;
  };
  /** A link that stands: what matters here is who pays for whom. */
  const link = async (agreement: string, number: string) => {
    const key = `k-${++serial}`;
    const { body } = await gateway.call<{ id: string }>(
      'POST',
      '/v1/linked_numbers',
      { agreement, number, nickname: '亲' },
      { key },
    );
    await gateway.database.db.run("UPDATE linked_number SET state = 'active' WHERE id = ?", [body.id]);
  };
  const pay = async (agreement: string, number: string, more: object = {}): Promise<Answer> => {
    const key = `p-${++serial}`;
    const order = {
      reference: key,
      number,
      amount: 1000,
      currency: 'CNY',
      funding: { type: 'agreement', agreement },
      ...more,
    };
    return (await gateway.call<Answer>('POST', '/v1/payments', order, { key })).body;
  };
  const collect = async (number: string): Promise<Answer> => {
    const key = `c-${++serial}`;
    const funding = { type: 'collected', taken_at: new Date().toISOString() };
    const order = { reference: key, number, amount: 1000, currency: 'CNY', funding };
    return (await gateway.call<Answer>('POST', '/v1/payments', order, { key, as: 'demo_bank' })).body;
  };
  const decisions = async (number: string) =>
    (await get(Timeline).execute(number, null)).entries.filter(({ source }) => source === 'decision');

  test('a number on the list neither pays nor is paid for, at any door; an order of an authority likewise', async () => {
    const [payer, blocked] = [newNumber(), newNumber()];
    const agreement = await gateway.agreement(payer);
    await link(agreement, blocked);
    const lists = get(ChangeBlocks);
    for (const kind of ['number', 'legal'] as const) {
      const row = await lists.add({ kind, value: blocked, reason: 'order 7/2026' }, 'ops');
      expect(await pay(agreement, blocked)).toMatchObject({ code: 'number_blocked', outcome: 'not_executed' });
      expect((await collect(blocked)).code).toBe('number_blocked');
      expect((await pay(agreement, payer)).state).toBe('completed');
      await lists.lift(row.id, 'ops', 'done with');
      expect((await pay(agreement, blocked)).state).toBe('completed');
      await expect(lists.lift(row.id, 'ops', 'twice')).rejects.toMatchObject({ code: 'not_found' });
    }
    const said = (await decisions(blocked)).filter(({ where }) => where === 'risk').map(({ state }) => state);
    expect(said).toEqual([
      'blocked',
      'blocked',
      'blocked',
      'lifted',
      'frozen_by_order',
      'blocked',
      'blocked',
      'lifted',
    ]);
    await expect(lists.add({ kind: 'number', value: '123', reason: 'x' }, 'ops')).rejects.toMatchObject({
      code: 'number_malformed',
    });
  });

  test('an account, and a whole partner', async () => {
    const [payer, other] = [newNumber(), newNumber()];
    const [agreement, elsewhere] = [await gateway.agreement(payer), await gateway.agreement(other)];
    const lists = get(ChangeBlocks);
    const account = await lists.add({ kind: 'account', value: agreement, reason: 'stolen card' }, 'ops');
    expect((await pay(agreement, payer)).code).toBe('number_blocked');
    expect((await pay(elsewhere, other)).state).toBe('completed');
    const partner = await lists.add({ kind: 'partner', value: 'demo_bank', reason: 'under inquiry' }, 'ops');
    expect((await collect(other)).code).toBe('number_blocked');
    for (const { id } of [account, partner]) await lists.lift(id, 'ops', 'over');
    expect((await collect(other)).state).toBe('completed');
  });

  test('a device: of a partner’s payer, or of the browser that ordered a payment', async () => {
    const [payer, other] = [newNumber(), newNumber()];
    const agreement = await gateway.agreement(payer);
    const elsewhere = await gateway.agreement(other);
    const lists = get(ChangeBlocks);
    const named = await lists.add({ kind: 'device', value: 'phone-7', reason: 'stolen' }, 'ops');
    expect((await pay(agreement, payer, { device: 'phone-7' })).code).toBe('number_blocked');
    expect((await pay(agreement, payer, { device: 'phone-8' })).state).toBe('completed');
    expect((await pay(agreement, payer)).state).toBe('completed');
    const refused = (await decisions(payer)).find(({ state }) => state === 'blocked');
    expect(refused?.what).toBe(`device on the block list ${named.id}`);

    const browser = await PlayedCustomer.signIn(gateway, payer);
    const order = {
      target: { type: 'self' },
      amount: 1000,
      currency: 'CNY',
      funding: { type: 'agreement', agreement },
    };
    const ordered = await browser.call<{ id: string }>('POST', 'payments', order, `d-${++serial}`);
    expect(ordered.status).toBe(201);
    const row = await lists.add({ kind: 'device', value: ordered.body.id, reason: 'complaint 12' }, 'ops');
    expect(row.masked).toMatch(/^dev_[\w-]{36}$/);
    expect(await browser.call('POST', 'payments', order, `d-${++serial}`)).toMatchObject({
      body: { code: 'number_blocked', outcome: 'not_executed' },
    });
    const another = await PlayedCustomer.signIn(gateway, other);
    const own = { ...order, funding: { type: 'agreement', agreement: elsewhere } };
    expect((await another.call('POST', 'payments', own, `d-${++serial}`)).status).toBe(201);
    const counter = await collect(payer);
    await expect(lists.add({ kind: 'device', value: counter.id ?? '', reason: 'x' }, 'ops')).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('one number too many is held, nothing is charged; approved it goes through, rejected it does not', async () => {
    const payer = newNumber();
    const agreement = await gateway.agreement(payer);
    const family = [newNumber(), newNumber(), newNumber(), newNumber()];
    for (const number of family) await link(agreement, number);
    const [first = '', second = '', third = '', fourth = ''] = family;
    expect((await pay(agreement, first)).state).toBe('completed');
    expect((await pay(agreement, second)).state).toBe('completed');
    expect((await pay(agreement, first)).state).toBe('completed'); // no other number
    const asked = gateway.bank.received('/v1/debits').length;
    expect(await pay(agreement, third)).toMatchObject({ code: 'held_for_review', outcome: 'not_executed' });
    expect((await pay(agreement, third)).code).toBe('held_for_review');
    expect((await pay(agreement, fourth)).code).toBe('held_for_review');
    expect(gateway.bank.received('/v1/debits')).toHaveLength(asked);
    const waiting = await get(ReviewsStore).list('waiting', 10);
    expect(waiting.map(({ rule, asked: times, amount }) => [rule, times, amount])).toEqual([
      ['numbers_per_payer', 2, 1000n],
      ['numbers_per_payer', 1, 1000n],
    ]);
    const deciding = get(DecideReview);
    const [yes, no] = waiting.map(({ id }) => id);
    await deciding.execute(yes ?? '', 'approved', 'ops', 'a large family');
    await deciding.execute(no ?? '', 'rejected', 'ops', 'unknown to the payer');
    await expect(deciding.execute(no ?? '', 'approved', 'ops', 'again')).rejects.toMatchObject({
      code: 'state_conflict',
    });
    expect((await pay(agreement, third)).state).toBe('completed');
    expect((await pay(agreement, fourth)).code).toBe('velocity_exceeded');
    expect((await pay(agreement, payer)).state).toBe('completed'); // the own number is never one too many
    const said = (await decisions(third)).filter(({ where }) => where === 'risk').map(({ state }) => state);
    expect(said).toEqual(['held_for_review', 'approved']);
  });

  test('a limit, a rest and a consent that is missing are explained to payer and payee', async () => {
    const [payer, member, stranger] = [newNumber(), newNumber(), newNumber()];
    const agreement = await gateway.agreement(payer);
    await link(agreement, member);
    const set = (what: string) => gateway.database.db.run(`UPDATE agreement SET ${what} WHERE id = ?`, [agreement]);
    const said = async (number: string) =>
      (await decisions(number)).filter(({ where }) => where === 'risk').map(({ state, amount }) => [state, amount]);
    await set('limit_day = 1500');
    expect((await pay(agreement, member)).state).toBe('completed');
    expect((await pay(agreement, member)).code).toBe('limit_day');
    expect((await pay(agreement, stranger)).code).toBe('consent_missing');
    await set("limit_day = 50000, state = 'frozen'");
    expect((await pay(agreement, member)).code).toBe('agreement_not_active');
    expect((await said(member)).sort()).toEqual([
      ['agreement_not_active', 1000],
      ['limit_day', 1000],
    ]);
    expect(await said(stranger)).toEqual([['consent_missing', 1000]]);
    expect(await said(payer)).toEqual([['limit_day', 1000]]);
  });

  test('one payer too many for a number is held', async () => {
    const number = newNumber();
    const codes: (string | undefined)[] = [];
    for (let n = 0; n < 3; n++) {
      const payer = newNumber();
      const agreement = await gateway.agreement(payer);
      await link(agreement, number);
      const answer = await pay(agreement, number);
      codes.push(answer.code ?? answer.state);
    }
    expect(codes).toEqual(['completed', 'completed', 'held_for_review']);
  });

  test('the time line: what was agreed, decided, paid, given back and told, in its order', async () => {
    const payer = newNumber();
    const agreement = await gateway.agreement(payer);
    await pay(agreement, payer);
    const { entries } = await get(Timeline).execute(payer, null);
    const seen = entries.map(({ source, state }) => `${source} ${state}`);
    for (const line of ['decision active', 'payment completed', 'credit credited', 'message sent'])
      expect(seen.some((one) => one === line || (line === 'message sent' && one.startsWith('message')))).toBe(true);
    expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).sort());
  });

  test('the time line: lines of statements stand in it; while nobody can say them, that is said and the rest is there', async () => {
    const payer = newNumber();
    await pay(await gateway.agreement(payer), payer);
    const [payment] = (await get(Timeline).execute(payer, null)).entries.filter(({ source }) => source === 'payment');
    expect(askedFor).toEqual([{ paymentNo: payment?.payment?.replace(/\D/g, ''), provider: 'bank_a' }]);
    const [{ paymentNo } = { paymentNo: '' }] = askedFor;
    const told = { provider: 'bank_a', date: '2026-11-22', what: 'line', kind: 'payment', class: 'matched' } as const;
    const line = { state: 'matched', providerTxnId: 'T1', amount: '1000', at: '2030-01-01T00:00:00.000Z' };
    lines = [{ ...told, ...line, paymentNo }];
    const shown = await get(Timeline).execute(payer, null);
    expect(shown.gaps).toEqual([]);
    expect(shown.entries.at(-1)).toEqual({
      ...{ at: line.at, what: 'statement 2026-11-22: payment matched, T1', amount: 1000, where: 'bank_a' },
      ...{ state: 'matched', source: 'statement', payment: payment?.payment },
    });
    await reconciliation.close();
    const without = await get(Timeline).execute(payer, null);
    expect(without.gaps).toEqual(['statement']);
    const named = (entries: { source: string; what: string }[]) => entries.map(({ source, what }) => [source, what]);
    expect(named(without.entries)).toEqual(named(shown.entries.slice(0, -1)));
  });
});
