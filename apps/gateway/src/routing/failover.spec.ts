import { CreatePayment, type Origin } from '../payments';
import { PaymentsSweepJob } from '../payments/payments-sweep.job';
import { Timeline } from '../payments/timeline';
import { PlayedGateway, success, until } from '../testing/played-gateway';
import { DecideRules, type NewRule } from './decide-rules';
import { Maintenance } from './maintenance';
import { PlanWindow } from './plan-window';
import { Routes } from './routes';

let serial = 0;

interface Payment {
  id: string;
  number: string;
  state: string;
  code?: string;
  funding: { provider: string; agreement: string | null };
  next_action: { url: string } | null;
  attempts: { number: string; provider: string; state: string; code: string | null }[];
}

describe('which provider a payment goes to, and where next', () => {
  let gateway: PlayedGateway;
  let number: string;
  let a: string;
  let b: string;
  beforeAll(async () => (gateway = await PlayedGateway.start({ otherBank: true })));
  afterAll(() => gateway.close());
  beforeEach(async () => {
    number = `1360000${String(++serial).padStart(4, '0')}`;
    gateway.billing.state.addNumber(number);
    a = await gateway.agreement(number, 'bank_a');
    b = await gateway.agreement(number, 'bank_b');
    bank('bank_a').play('succeed');
    bank('bank_b').play('succeed');
    await rules([]);
  });

  const db = () => gateway.database.db;
  function bank(code: 'bank_a' | 'bank_b') {
    const found = code === 'bank_a' ? gateway.bank : gateway.other;
    if (!found) throw new Error('the other bank is not played');
    return found;
  }
  const order = (over: object = {}) => ({
    ...{ reference: `R${++serial}`, number, amount: 2_000 + serial, currency: 'CNY' },
    funding: { type: 'agreement' },
    ...over,
  });
  const pay = async (over: object = {}) =>
    (await gateway.call<Payment>('POST', '/v1/payments', order(over), { key: `r${++serial}` })).body;
  const read = async ({ id }: { id: string }) =>
    (await gateway.call<Payment>('GET', `/v1/payments/${id}?expand=attempts`)).body;
  const rule = (over: Partial<NewRule>): NewRule => ({
    ...{ method: 'agreement', branch: '', amountFrom: null, amountTo: null, chooseBy: 'listed', leastSuccessPpm: 0 },
    providers: ['bank_a', 'bank_b'].map((provider) => ({ provider, feePpm: null, feeFixed: null })),
    ...over,
  });
  async function rules(list: NewRule[]): Promise<number> {
    const decide = gateway.app.get(DecideRules);
    const version = await decide.propose(list, new Date(0), 'test', 'ops.a');
    await decide.decide(version, 'approve', '', 'ops.b');
    return version;
  }
  /** What a bank was asked to take, by attempt. */
  const asked = (code: 'bank_a' | 'bank_b', payment: { number: string }) =>
    bank(code)
      .received('/v1/debits')
      .filter((body) => String(body['attempt_no']).startsWith(payment.number));
  const used = async (agreement: string) => {
    const rows = await db().select<{ used: bigint }>('SELECT used FROM limit_usage WHERE owner = ?', [agreement]);
    return rows.map((row) => row.used);
  };
  async function away(code: 'bank_a' | 'bank_b', work: () => Promise<void>): Promise<void> {
    await bank(code).vanish();
    try {
      await work();
    } finally {
      await bank(code).comeBack();
    }
  }

  test('rules need two people, and count from their date', async () => {
    const decide = gateway.app.get(DecideRules);
    const version = await decide.propose([rule({})], new Date(Date.now() + 3_600_000), 'later', 'ops.a');
    await expect(decide.decide(version, 'approve', '', 'ops.a')).rejects.toMatchObject({ code: 'own_proposal' });
    await decide.decide(version, 'approve', '', 'ops.b');
    await expect(decide.decide(version, 'reject', '', 'ops.c')).rejects.toMatchObject({ code: 'state_conflict' });
    const unknown = rule({ providers: [{ provider: 'nobody', feePpm: null, feeFixed: null }] });
    await expect(decide.propose([unknown], new Date(), '', 'ops.a')).rejects.toMatchObject({
      code: 'provider_unknown',
    });
    const route = await gateway.app
      .get(Routes)
      .forDebit({ method: 'agreement', branch: '420000', amount: 1n }, ['bank_a', 'bank_b']);
    expect(route.rule?.version).not.toBe(version);
  });

  test('the rule chooses by cost, and the line of time says why', async () => {
    const providers = [
      { provider: 'bank_a', feePpm: 6_000, feeFixed: 0n },
      { provider: 'bank_b', feePpm: 1_000, feeFixed: 0n },
    ];
    const version = await rules([rule({ chooseBy: 'cost', providers })]);
    const payment = await pay();
    expect(payment).toMatchObject({ state: 'completed', funding: { provider: 'bank_b', agreement: b } });
    const [decision] = await db().select('SELECT * FROM routing_decision WHERE payment_no = ?', [payment.number]);
    expect(decision).toMatchObject({
      attempt_no: `${payment.number}01`,
      provider: 'bank_b',
      rule_version: version,
      rule_n: 1,
    });
    const { entries } = await gateway.app.get(Timeline).execute(number, null);
    expect(entries.find(({ source, where }) => source === 'decision' && where === 'bank_b')).toMatchObject({
      what: expect.stringContaining(`routed to bank_b: first by cost; rule ${version}/1`) as string,
    });
  });

  test("the payer's usual agreement comes before what rules prefer", async () => {
    await rules([rule({})]);
    await db().run('UPDATE agreement SET preferred = 1 WHERE id = ?', [b]);
    expect((await pay()).funding.agreement).toBe(b);
  });

  test('a cashier by method goes where the rule says; nobody offers another method', async () => {
    await rules([rule({ method: 'card', providers: [{ provider: 'bank_b', feePpm: null, feeFixed: null }] })]);
    const page = { pay_url: 'http://bank.example/b', expires_at: '2030-01-01T00:00:00Z' };
    bank('bank_b').answerBy((_, body) => ({ body: { attempt_no: body['attempt_no'], ...page } }));
    const payment = await pay({ funding: { type: 'cashier', method: 'card', presentation: 'qr' } });
    expect(payment).toMatchObject({ state: 'submitted', funding: { provider: 'bank_b' } });
    const other = await pay({ funding: { type: 'cashier', method: 'shells', presentation: 'qr' } });
    expect(other.code).toBe('provider_unknown');
    const both = await pay({ funding: { type: 'cashier', method: 'card', provider: 'bank_a', presentation: 'qr' } });
    expect(both.code).toBe('field_invalid');
  });

  test('the first surely did nothing: a second attempt elsewhere, charged once, counted once', async () => {
    await rules([rule({})]);
    await away('bank_a', async () => {
      const payment = await pay({ amount: 2_500 });
      expect(payment).toMatchObject({ state: 'completed', funding: { provider: 'bank_b', agreement: b } });
      expect(asked('bank_b', payment)).toHaveLength(1);
      const { attempts } = await read(payment);
      expect(attempts.map(({ number: no, provider, state }) => [no.slice(20), provider, state])).toEqual([
        ['01', 'bank_a', 'not_executed'],
        ['02', 'bank_b', 'succeeded'],
      ]);
      expect(await used(a)).toEqual([0n, 0n]);
      expect(await used(b)).toEqual([2_500n, 2_500n]);
      const facts = await db().select('SELECT provider, kind, ref_no FROM fact WHERE payment_no = ? ORDER BY seq', [
        payment.number,
      ]);
      expect(facts.map((fact) => [fact['provider'], fact['kind'], String(fact['ref_no']).slice(20)])).toEqual([
        ['bank_a', 'submitted', '01'],
        ['bank_a', 'declined', '01'],
        ['bank_b', 'submitted', '02'],
        ['bank_b', 'paid', '02'],
      ]);
    });
  });

  test('what went elsewhere is given back there, under the attempt that took it', async () => {
    await rules([rule({})]);
    await away('bank_a', async () => {
      const payment = await pay();
      const wanted = { payment: payment.id, amount: 1_000, reason: 'payer_request' };
      const refund = await gateway.call('POST', '/v1/refunds', wanted, { key: `rf${++serial}` });
      expect(refund.body).toMatchObject({ state: 'succeeded' });
      expect(bank('bank_b').received('/v1/refunds').at(-1)).toMatchObject({ attempt_no: `${payment.number}02` });
    });
  });

  const ENDS: [
    script: 'silent' | 'decline' | 'pending' | 'server_error' | 'wrong_amount' | 'cut_line',
    state: string,
  ][] = [
    ['silent', 'unknown'],
    ['cut_line', 'unknown'],
    ['server_error', 'unknown'],
    ['wrong_amount', 'unknown'],
    ['pending', 'submitted'],
    ['decline', 'declined'],
  ];
  test.each(ENDS)('never after %s: the payment stays %s and nobody else is asked', async (script, state) => {
    await rules([rule({})]);
    bank('bank_a').play(script);
    const payment = await pay();
    expect(payment.state).toBe(state);
    expect(asked('bank_b', payment)).toEqual([]);
  });

  test('never when the payer named the agreement', async () => {
    await rules([rule({})]);
    await away('bank_a', async () => {
      const payment = await pay({ funding: { type: 'agreement', agreement: a } });
      expect(payment.state).toBe('closed');
      expect(asked('bank_b', payment)).toEqual([]);
    });
  });

  test('the next agreement has limits of its own', async () => {
    await rules([rule({})]);
    await db().run('UPDATE agreement SET limit_payment = 100 WHERE id = ?', [b]);
    await away('bank_a', async () => {
      const payment = await pay();
      expect(payment.state).toBe('closed');
      expect(asked('bank_b', payment)).toEqual([]);
      expect(await used(a)).toEqual([0n, 0n]);
    });
  });

  test('a cashier page that was never there is opened elsewhere', async () => {
    await rules([rule({ method: 'card' })]);
    const page = { pay_url: 'http://bank.example/b', expires_at: '2030-01-01T00:00:00Z' };
    bank('bank_b').answerBy((_, body) => ({ body: { attempt_no: body['attempt_no'], ...page } }));
    await away('bank_a', async () => {
      const payment = await pay({
        amount: 3_300,
        funding: { type: 'cashier', method: 'card', presentation: 'redirect' },
      });
      expect(payment).toMatchObject({ state: 'submitted', funding: { provider: 'bank_b' } });
      const paid = success({ attempt_no: `${payment.number}02`, amount: 3_300 });
      await gateway.callback('debit.succeeded', paid, `${payment.number}_ok`, 3, 'bank_b');
      await until(async () => (await read(payment)).state === 'completed');
    });
  });

  test('the first provider says after all that it took the money: it is asked for it back, nothing is credited twice', async () => {
    await rules([rule({})]);
    await away('bank_a', async () => {
      const payment = await pay({ amount: 2_700 });
      const late = success({ attempt_no: `${payment.number}01`, amount: 2_700 });
      await gateway.callback('debit.succeeded', late, `${payment.number}_after`);
      const back = () =>
        db().select('SELECT attempt_no, reason, amount FROM refund WHERE payment_no = ?', [payment.number]);
      await until(async () => (await back()).length === 1);
      expect(await back()).toEqual([
        { attempt_no: `${payment.number}01`, reason: 'duplicate_payment', amount: 2_700n },
      ]);
      expect((await read(payment)).state).toBe('completed');
      expect(gateway.billing.state.balance(`s${number}`)).toBe(1_210n + 2_700n);
    });
  });

  describe('planned maintenance', () => {
    const plan = (from: number, until_: number) =>
      gateway.app.get(PlanWindow).plan(
        {
          provider: 'bank_a',
          from: new Date(Date.now() + from * 1000),
          until: new Date(Date.now() + until_ * 1000),
          note: '',
        },
        'ops.a',
      );

    test('windows of a provider do not overlap, and an ended one is over', async () => {
      const window = await plan(600, 1_200);
      await expect(plan(1_100, 1_300)).rejects.toMatchObject({ code: 'state_conflict' });
      await expect(plan(300, 200)).rejects.toMatchObject({ code: 'field_invalid' });
      const next = await plan(1_200, 1_300); // one may begin when the other ends
      await gateway.app.get(PlanWindow).end(window.id, 'ops.a');
      await gateway.app.get(PlanWindow).end(next.id, 'ops.a');
      await expect(gateway.app.get(PlanWindow).end(window.id, 'ops.a')).rejects.toMatchObject({
        code: 'state_conflict',
      });
    });

    test('who waits is told, and when to come again; routing goes round it; what nobody waits for is done afterwards', async () => {
      const window = await plan(-1, 600);
      try {
        const named = { funding: { type: 'agreement', agreement: a } };
        const refused = await gateway.call<Payment>('POST', '/v1/payments', order(named), { key: `r${++serial}` });
        expect([refused.status, refused.body.code]).toEqual([503, 'maintenance']);
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(590);
        await rules([rule({})]);
        expect((await pay()).funding.provider).toBe('bank_b');
        const origin: Origin = {
          ...{ channel: 'auto' as const, partner: '', collectsAs: null, acquiringBranch: '', exposureLimit: null },
          payer: number,
        };
        const body = { number, amount: 4_400, currency: 'CNY', funding: { type: 'agreement', agreement: a } } as const;
        const waiting = await gateway.app
          .get(CreatePayment)
          .execute({ origin, idempotencyKey: `auto-${number}`, body });
        expect(waiting.body).toMatchObject({ state: 'created', final: false });
        const no = waiting.body.number;
        const dueAt = async () => {
          const [row] = await db().select<{ due_at: Date }>('SELECT due_at FROM payment WHERE payment_no = ?', [no]);
          return row?.due_at.getTime();
        };
        expect(await dueAt()).toBe(window.until_at.getTime());
        expect(await used(a)).toContain(4_400n);
        // Brought forward while the bank is still away: it waits on, and nobody is asked.
        await bringForward(no);
        await gateway.app.get(PaymentsSweepJob).sweep();
        await until(async () => (await dueAt()) === window.until_at.getTime());
        expect(asked('bank_a', { number: no })).toEqual([]);
        await gateway.app.get(PlanWindow).end(window.id, 'ops.a');
        await bringForward(no);
        await Promise.all([1, 2, 3].map(() => gateway.app.get(PaymentsSweepJob).sweep()));
        const state = async () =>
          (await db().select('SELECT state FROM payment WHERE payment_no = ?', [no]))[0]?.['state'];
        await until(async () => (await state()) === 'completed');
        expect(asked('bank_a', { number: no })).toHaveLength(1);
      } finally {
        await db().run('UPDATE maintenance_window SET ended_at = NOW(3) WHERE ended_at IS NULL');
        await gateway.app.get(Maintenance).refresh();
      }
    });

    const bringForward = (no: string) =>
      db().run('UPDATE payment SET due_at = NOW(3) - INTERVAL 1 SECOND WHERE payment_no = ?', [no]);
  });
});
