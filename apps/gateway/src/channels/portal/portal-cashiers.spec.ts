import { Providers } from '../../providers/providers';
import { DecideRules } from '../../routing/decide-rules';
import { PaymentsSweepJob } from '../../payments/payments-sweep.job';
import { Maintenance } from '../../routing/maintenance';
import { PlanWindow } from '../../routing/plan-window';
import { MoneyBank } from '../../testing/money-bank';
import { PlayedCustomer } from '../../testing/played-customer';
import { PlayedGateway, until } from '../../testing/played-gateway';

/**
 * A payer without a bound card, or who does not want to use it, chooses among all that can take his money. Judged by the
 * banks' ledgers and the subscriber's balance.
 */
const NUMBER = '13300000001';
const BEFORE = 1_210n;
let serial = 0;

interface Payment {
  id: string;
  number: string;
  state: string;
  code?: string;
  errors?: { pointer: string }[];
  replaces: string | null;
  funding: { provider: string };
  next_action: { type: string; url: string; form?: object; app?: object } | null;
}
interface Cashiers {
  data: { object: string; provider: { code: string; name: string }; presentations: string[] }[];
}

describe('the cashier of the payer’s choice', () => {
  let gateway: PlayedGateway;
  let zhang: PlayedCustomer;
  const banks = { bank_a: new MoneyBank(), bank_b: new MoneyBank() };
  beforeAll(async () => {
    gateway = await PlayedGateway.start({ otherBank: true });
    gateway.billing.state.addNumber(NUMBER);
    zhang = await PlayedCustomer.signIn(gateway, NUMBER);
  });
  afterAll(() => gateway.close());
  beforeEach(() => {
    banks.bank_a = new MoneyBank();
    banks.bank_b = new MoneyBank();
    banks.bank_a.play(gateway.bank);
    if (gateway.other) banks.bank_b.play(gateway.other);
  });
  afterEach(() => jest.restoreAllMocks());

  const connectorOf = (code: string) => gateway.app.get(Providers).get(code).connector;
  const balance = () => gateway.billing.state.balance(`s${NUMBER}`);
  const cashiers = async (query = 'amount=5000') => (await zhang.call<Cashiers>('GET', `cashiers?${query}`)).body;
  const pay = (funding: object, over: object = {}) =>
    zhang.call<Payment>(
      'POST',
      'payments',
      { target: { type: 'self' }, amount: 5_000, currency: 'CNY', funding: { type: 'cashier', ...funding }, ...over },
      `c${++serial}`,
    );
  const read = async ({ id }: Payment) => (await zhang.call<Payment>('GET', `payments/${id}`)).body;
  const paid = ({ number }: Payment, provider: 'bank_a' | 'bank_b') =>
    gateway.callback(
      'debit.succeeded',
      banks[provider].payPage(`${number}01`),
      `${number}_${provider}_paid`,
      2,
      provider,
    );
  async function sweepUntil(payment: Payment, state: string): Promise<void> {
    await until(async () => {
      const past = "NOW(3) - INTERVAL 1 SECOND WHERE payment_no = ? AND due_at IS NOT NULL AND due_at > '2000-01-01'";
      for (const table of ['payment', 'refund'])
        await gateway.database.db.run(`UPDATE ${table} SET due_at = ${past}`, [payment.number]);
      await gateway.app.get(PaymentsSweepJob).sweep();
      return (await read(payment)).state === state;
    });
  }
  const rule = async (codes: string[]) => {
    const decide = gateway.app.get(DecideRules);
    const providers = codes.map((provider) => ({ provider, feePpm: null, feeFixed: null }));
    const all = { method: 'cashier', branch: '', amountFrom: null, amountTo: null, leastSuccessPpm: 0 };
    const version = await decide.propose([{ ...all, chooseBy: 'listed', providers }], new Date(0), 'test', 'ops.a');
    await decide.decide(version, 'approve', '', 'ops.b');
  };

  test('all that can take it, in the order of the rule; partners’ counters are none', async () => {
    await rule(['bank_b']);
    const { data } = await cashiers();
    expect(data.map(({ provider }) => provider.code)).toEqual(['bank_b', 'bank_a']);
    expect(data[1]).toEqual({
      object: 'portal_cashier',
      provider: { code: 'bank_a', name: '甲银行' },
      presentations: ['redirect', 'qr'],
    });
    await rule(['bank_a', 'bank_b']);
    expect((await cashiers('amount=1&branch=420000')).data.map(({ provider }) => provider.code)).toEqual([
      'bank_a',
      'bank_b',
    ]);
    expect((await zhang.call('GET', 'cashiers?amount=0')).status).toBe(400);
    expect((await zhang.call('GET', 'cashiers?amount=1.5')).status).toBe(400);
    expect((await fetch(`${gateway.url}/v1/portal/cashiers?amount=1`)).status).toBe(401);
  });

  test('who is away, fails or cannot is left out; nobody left is an empty list', async () => {
    const plan = gateway.app.get(PlanWindow);
    const hour = { from: new Date(Date.now() - 1_000), until: new Date(Date.now() + 3_600_000), note: '' };
    const window = await plan.plan({ provider: 'bank_a', ...hour }, 'ops.a');
    try {
      expect((await cashiers()).data.map(({ provider }) => provider.code)).toEqual(['bank_b']);
      jest.spyOn(connectorOf('bank_b'), 'available').mockReturnValue(false);
      expect((await cashiers()).data).toEqual([]);
    } finally {
      await plan.end(window.id, 'ops.a');
      await gateway.app.get(Maintenance).refresh();
    }
  });

  test('the chosen one and nobody else is asked; its page is paid, and he comes back to the payment’s own address', async () => {
    const before = balance();
    const open = jest.spyOn(connectorOf('bank_b'), 'openCashier');
    const { status, body } = await pay({ provider: 'bank_b', presentation: 'redirect' });
    expect([status, body.state, body.funding.provider, body.next_action?.type]).toEqual([
      201,
      'submitted',
      'bank_b',
      'redirect',
    ]);
    expect(open.mock.calls[0]?.[0]).toMatchObject({
      presentation: 'redirect',
      payerIp: '127.0.0.1',
      returnUrl: `${gateway.url}/portal/payments/${body.id}`,
    });
    await paid(body, 'bank_b');
    await until(async () => (await read(body)).state === 'completed');
    expect(balance() - before).toBe(5_000n);
    expect(banks.bank_a.charged(body.number)).toBe(0);
    expect((await read(body)).next_action).toBeNull();
  });

  test('a code, a form and an app are told apart; a way that the provider does not offer is refused unsent', async () => {
    const expiresAt = new Date(Date.now() + 60_000);
    const bank = connectorOf('bank_a');
    expect((await pay({ provider: 'bank_a', presentation: 'qr' })).body.next_action?.type).toBe('show_qr');
    const form = { orderId: '1', signature: 'abc' };
    const page = { outcome: 'opened' as const, payUrl: 'https://gateway.example/front', form, expiresAt };
    jest.spyOn(bank, 'openCashier').mockResolvedValueOnce(page);
    expect((await pay({ provider: 'bank_a', presentation: 'redirect' })).body.next_action).toMatchObject({
      ...{ type: 'post_form', url: page.payUrl, form },
    });
    const ways = { ...bank.capabilities, cashier: { presentations: ['redirect', 'app'] as const } };
    jest.spyOn(bank, 'capabilities', 'get').mockReturnValue(ways);
    const inApp = jest.spyOn(bank, 'openCashier');
    inApp.mockResolvedValueOnce({ outcome: 'opened', payUrl: '', app: { prepayid: 'wx1' }, expiresAt });
    const jsapi = { provider: 'bank_a', presentation: 'app', payer_openid: 'oUpF8uMuAJO' };
    expect((await pay(jsapi)).body.next_action).toMatchObject({ type: 'open_app', app: { prepayid: 'wx1' } });
    expect(inApp.mock.calls.at(-1)?.[0]).toMatchObject({ presentation: 'app', payerOpenid: 'oUpF8uMuAJO' });
    const sent = inApp.mock.calls.length;
    const refused = await pay({ provider: 'bank_a', presentation: 'qr' });
    expect([refused.status, refused.body.code]).toEqual([400, 'field_invalid']);
    expect(inApp.mock.calls).toHaveLength(sent);
  });

  test('a partner tells the payer’s openid and address', async () => {
    const open = jest.spyOn(connectorOf('bank_a'), 'openCashier');
    const funding = { type: 'cashier', provider: 'bank_a', presentation: 'redirect' };
    const order = (more: object) => ({
      ...{ reference: `CP${++serial}`, number: NUMBER, amount: 4_100 + serial, currency: 'CNY' },
      funding: { ...funding, ...more },
    });
    const call = (more: object) => gateway.call<Payment>('POST', '/v1/payments', order(more), { key: `cp${++serial}` });
    expect((await call({ payer_openid: 'o-1', payer_ip: '2001:db8::1' })).status).toBe(201);
    expect(open.mock.calls[0]?.[0]).toMatchObject({ payerOpenid: 'o-1', payerIp: '2001:db8::1' });
    const bad = await call({ payer_ip: 'here' });
    expect([bad.status, bad.body.code]).toEqual([400, 'field_invalid']);
  });

  test('another way while the first page is open: paid there, the first is closed by its own ladder, charged once', async () => {
    const before = balance();
    const { body: first } = await pay({ provider: 'bank_a', presentation: 'redirect' });
    const { body: second } = await pay({ provider: 'bank_b', presentation: 'qr' }, { replaces: first.id });
    expect(second).toMatchObject({ state: 'submitted', replaces: first.id, funding: { provider: 'bank_b' } });
    await paid(second, 'bank_b');
    await until(async () => (await read(second)).state === 'completed');
    await gateway.database.db.run('UPDATE payment SET expires_at = NOW(3) WHERE payment_no = ?', [first.number]);
    await sweepUntil(first, 'closed');
    expect(() => banks.bank_a.payPage(`${first.number}01`)).toThrow();
    expect(balance() - before).toBe(5_000n);
  });

  test.each(['first', 'second'])(
    'both pages are paid, the %s one is heard of first: the later goes back',
    async (which) => {
      const before = balance();
      const { body: first } = await pay({ provider: 'bank_a', presentation: 'redirect' });
      const { body: second } = await pay({ provider: 'bank_b', presentation: 'redirect' }, { replaces: first.id });
      const order = [() => paid(first, 'bank_a'), () => paid(second, 'bank_b')];
      const [sooner, later] = which === 'first' ? [first, second] : [second, first];
      if (which === 'second') order.reverse();
      await order[0]?.();
      await until(async () => (await read(sooner)).state === 'completed');
      await order[1]?.();
      await sweepUntil(later, 'refunded');
      expect(balance() - before).toBe(5_000n);
      expect(banks.bank_a.charged(first.number) + banks.bank_b.charged(second.number)).toBe(5_000);
    },
  );

  test('a payment that is paid, declined or closed is replaced by none', async () => {
    const { body: done } = await pay({ provider: 'bank_a', presentation: 'redirect' });
    await paid(done, 'bank_a');
    await until(async () => (await read(done)).state === 'completed');
    const refused = await pay({ provider: 'bank_b', presentation: 'redirect' }, { replaces: done.id });
    expect([refused.status, refused.body.code]).toEqual([409, 'state_conflict']);
    expect(balance()).toBeGreaterThan(BEFORE);
  });
});
