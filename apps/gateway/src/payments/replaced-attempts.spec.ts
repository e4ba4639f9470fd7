import { Providers } from '../providers/providers';
import { DecideRules } from '../routing/decide-rules';
import { Routes } from '../routing/routes';
import { MoneyBank, type BankFault } from '../testing/money-bank';
import { PlayedGateway, success, until } from '../testing/played-gateway';
import { ApplyCallback } from './apply-callback';
import { PaymentDoor } from './payment-door';
import type { PaymentWrite } from './payment.writes';
import { PaymentsSweepJob } from './payments-sweep.job';
import { RefundSteps } from './refund-steps';
import { ReplacedAttemptsJob } from './replaced-attempts.job';
import { ResolvePayment } from './resolve-payment';

/**
 * Attempts to whose place others came: they are asked about until nothing can come of them, and what they took, or gave back
 * by themselves, is never dropped. Judged by the banks' ledgers and the subscriber's balance.
 */
const AMOUNT = 5_000;
const BEFORE = 1_210n;
const NOT_EXECUTED = { outcome: 'not_executed', cause: 'refused' } as const;
let serial = 0;

interface Payment {
  id: string;
  number: string;
  state: string;
}

describe('an attempt to whose place another came', () => {
  let gateway: PlayedGateway;
  let number: string;
  const banks = { bank_a: new MoneyBank(), bank_b: new MoneyBank() };
  beforeAll(async () => {
    gateway = await PlayedGateway.start({ otherBank: true });
    const decide = gateway.app.get(DecideRules);
    const providers = ['bank_a', 'bank_b'].map((provider) => ({ provider, feePpm: null, feeFixed: null }));
    const rules = ['agreement', 'card'].map((method) => ({
      ...{ method, branch: '', amountFrom: null, amountTo: null, leastSuccessPpm: 0 },
      ...{ chooseBy: 'listed' as const, providers },
    }));
    const version = await decide.propose(rules, new Date(0), 'test', 'ops.a');
    await decide.decide(version, 'approve', '', 'ops.b');
  });
  afterAll(() => gateway.close());
  beforeEach(async () => {
    number = `1340000${String(++serial).padStart(4, '0')}`;
    gateway.billing.state.addNumber(number);
    await gateway.agreement(number, 'bank_a');
    await gateway.agreement(number, 'bank_b');
    banks.bank_a = new MoneyBank();
    banks.bank_b = new MoneyBank();
    banks.bank_a.play(gateway.bank);
    if (gateway.other) banks.bank_b.play(gateway.other);
  });
  afterEach(() => jest.restoreAllMocks());

  const db = () => gateway.database.db;
  const balance = () => gateway.billing.state.balance(`s${number}`);
  const connectorOf = (provider: string) => gateway.app.get(Providers).get(provider).connector;

  /** bank_a says that it did nothing; `took`: it has taken the money. */
  async function pay(took: boolean): Promise<Payment> {
    jest.spyOn(connectorOf('bank_a'), 'debit').mockImplementationOnce(({ orderNo }) => {
      if (took) banks.bank_a.taken.set(orderNo, AMOUNT);
      return Promise.resolve(NOT_EXECUTED);
    });
    const body = { reference: `P${++serial}`, number, amount: AMOUNT, currency: 'CNY', funding: { type: 'agreement' } };
    return (await gateway.call<Payment>('POST', '/v1/payments', body, { key: `p${serial}` })).body;
  }
  const ladder = async ({ number: no }: Payment) => {
    const sql = 'SELECT attempt_no, state, tries, not_found, due_at FROM replaced_attempt WHERE payment_no = ?';
    return (await db().select(sql, [no]))[0];
  };
  /** The next step of the ladder comes. */
  async function asked({ number: no }: Payment): Promise<void> {
    const due = 'SET due_at = NOW(3) - INTERVAL 1 SECOND WHERE payment_no = ? AND due_at IS NOT NULL';
    await db().run(`UPDATE replaced_attempt ${due}`, [no]);
    await gateway.app.get(ReplacedAttemptsJob).sweep();
  }
  const refunds = ({ number: no }: Payment) =>
    db().select('SELECT refund_no, attempt_no, state, code FROM refund WHERE payment_no = ?', [no]);
  async function returned(payment: Payment, state = 'succeeded'): Promise<void> {
    await until(async () => {
      const due = 'SET due_at = NOW(3) - INTERVAL 1 SECOND WHERE payment_no = ? AND due_at IS NOT NULL';
      await db().run(`UPDATE refund ${due}`, [payment.number]);
      await gateway.app.get(PaymentsSweepJob).sweep();
      return (await refunds(payment)).some((row) => row['state'] === state);
    });
  }
  const doubts = async ({ number: no }: Payment) =>
    (await db().select<{ why: string }>("SELECT why FROM doubt WHERE kind = 'attempt' AND payment_no = ?", [no])).map(
      ({ why }) => why,
    );
  const facts = async ({ number: no }: Payment) => {
    const sql = 'SELECT provider, kind, ref_no, amount FROM fact WHERE payment_no = ? ORDER BY seq';
    return (await db().select(sql, [no])).map((fact) =>
      [fact['provider'], fact['kind'], String(fact['ref_no']).replace(no, ''), fact['amount']].join(' '),
    );
  };
  const first = ({ number: no }: Payment, txn = 'A-1') => ({
    ...success({ attempt_no: `${no}01`, amount: AMOUNT }),
    txn_id: txn,
  });
  const chargedBack = (payment: Payment, copies = 1) =>
    gateway.callback(
      'debit.returned',
      { ...first(payment, 'CB-1'), reason: 'contested' },
      `${payment.number}_cb`,
      copies,
    );
  const returnRows = ({ number: no }: Payment) =>
    db().select('SELECT provider, ref_no, state, amount FROM provider_return WHERE payment_no = ?', [no]);

  test('nobody tells that it took the money: its own query does, and the money goes back once', async () => {
    const payment = await pay(true);
    expect(payment.state).toBe('completed');
    expect(await ladder(payment)).toMatchObject({ attempt_no: `${payment.number}01`, state: 'open', tries: 0 });
    await asked(payment);
    await returned(payment);
    await asked(payment);
    expect(await ladder(payment)).toMatchObject({ state: 'settled', due_at: null });
    expect(await refunds(payment)).toEqual([
      { refund_no: `${payment.number}R01`, attempt_no: `${payment.number}01`, state: 'succeeded', code: null },
    ]);
    expect(banks.bank_a.charged(payment.number)).toBe(0);
    expect(banks.bank_b.charged(payment.number)).toBe(AMOUNT);
    expect(balance()).toBe(BEFORE + BigInt(AMOUNT));
  });

  const FAULTS: [BankFault][] = [
    ['silent_after'],
    ['error_after'],
    ['forged_after'],
    ['wrong_amount_after'],
    ['unlisted_after'],
  ];
  test.each(FAULTS)('the query meets %s: nothing is known, and it is asked again', async (fault) => {
    const payment = await pay(true);
    banks.bank_a.strike('/v1/debits/query', fault);
    await asked(payment);
    expect(await ladder(payment)).toMatchObject({ state: 'open', not_found: 0 });
    expect(await refunds(payment)).toEqual([]);
    await asked(payment);
    await returned(payment);
    expect(banks.bank_a.charged(payment.number)).toBe(0);
  });

  test('it does not know the order: settled when it has said so twice, and asked no more', async () => {
    const payment = await pay(false);
    await asked(payment);
    await until(async () => Number((await ladder(payment))?.['not_found']) === 1);
    await asked(payment);
    expect(await ladder(payment)).toMatchObject({ state: 'settled', due_at: null });
    const before = gateway.bank.received('/v1/debits/query').length;
    await asked(payment);
    expect(gateway.bank.received('/v1/debits/query')).toHaveLength(before);
    expect([await refunds(payment), await doubts(payment)]).toEqual([[], []]);
  });

  test('it never says: at the end of the ladder people are told', async () => {
    const payment = await pay(false);
    await db().run('UPDATE replaced_attempt SET tries = 40 WHERE payment_no = ?', [payment.number]);
    await asked(payment);
    expect(await ladder(payment)).toMatchObject({ state: 'people', due_at: null });
    expect(await doubts(payment)).toEqual([expect.stringContaining('does not say what became of it')]);
  });

  test('back to the provider that was first: what its first attempt took after all goes back all the same', async () => {
    const routes = gateway.app.get(Routes);
    const real = routes.forDebit.bind(routes);
    jest.spyOn(routes, 'forDebit').mockImplementationOnce(async (...asked_) => {
      const route = await real(...asked_);
      return { ...route, order: ['bank_a', 'bank_b', 'bank_a'] };
    });
    jest.spyOn(connectorOf('bank_b'), 'debit').mockResolvedValueOnce(NOT_EXECUTED);
    const payment = await pay(true);
    expect(payment.state).toBe('completed');
    expect(banks.bank_a.charged(payment.number)).toBe(2 * AMOUNT);
    await gateway.callback('debit.succeeded', first(payment), `${payment.number}_late`, 3);
    await returned(payment);
    expect(await refunds(payment)).toMatchObject([{ attempt_no: `${payment.number}01`, state: 'succeeded' }]);
    expect(gateway.bank.received('/v1/refunds').at(-1)).toMatchObject({ attempt_no: `${payment.number}01` });
    expect(banks.bank_a.charged(payment.number)).toBe(AMOUNT);
    expect(balance()).toBe(BEFORE + BigInt(AMOUNT));
    // A refund that the payer asks for is of the attempt that the payment stands on.
    const wanted = { payment: payment.id, amount: AMOUNT, reason: 'payer_request' };
    await gateway.call('POST', '/v1/refunds', wanted, { key: `pr${++serial}` });
    expect(gateway.bank.received('/v1/refunds').at(-1)).toMatchObject({ attempt_no: `${payment.number}03` });
    expect(banks.bank_a.charged(payment.number)).toBe(0);
  });

  test('charged back before its refund has left: the refund stays here, the payment and its agreement are not touched', async () => {
    const payment = await pay(true);
    const steps = jest.spyOn(gateway.app.get(RefundSteps), 'advance').mockResolvedValue(undefined);
    await gateway.callback('debit.succeeded', first(payment), `${payment.number}_late`);
    await until(async () => (await refunds(payment)).length === 1);
    await chargedBack(payment, 3);
    await until(async () => (await returnRows(payment)).length === 1);
    steps.mockRestore();
    expect(await returnRows(payment)).toEqual([
      { provider: 'bank_a', ref_no: 'CB-1', state: 'settled', amount: BigInt(AMOUNT) },
    ]);
    await returned(payment, 'failed');
    expect(await refunds(payment)).toMatchObject([{ state: 'failed', code: 'charged_back' }]);
    expect(banks.bank_a.returned.size).toBe(0);
    expect((await facts(payment)).slice(-2)).toEqual(['bank_a paid 01 5000', 'bank_a returned CB-1 5000']);
    expect(balance()).toBe(BEFORE + BigInt(AMOUNT));
    expect((await gateway.call<Payment>('GET', `/v1/payments/${payment.id}`)).body.state).toBe('completed');
    const agreements = await db().select('SELECT DISTINCT state FROM agreement WHERE msisdn_blind = ?', [
      gateway.numbers.blind(number),
    ]);
    expect(agreements).toEqual([{ state: 'active' }]);
    expect(await doubts(payment)).toEqual([]);
  });

  test('charged back after it was given back: the payer has it twice, and people are told', async () => {
    const payment = await pay(true);
    await gateway.callback('debit.succeeded', first(payment), `${payment.number}_late`);
    await returned(payment);
    await chargedBack(payment);
    await until(async () => (await doubts(payment)).length === 1);
    expect(await doubts(payment)).toEqual([expect.stringContaining(`${payment.number}R01 is succeeded`)]);
    expect(balance()).toBe(BEFORE + BigInt(AMOUNT));
  });

  test('the charge-back is the first word of it: the book shows both, nothing is given back again', async () => {
    const payment = await pay(true);
    await chargedBack(payment);
    await until(async () => (await returnRows(payment)).length === 1);
    await gateway.callback('debit.succeeded', first(payment), `${payment.number}_later`);
    await until(async () => (await db().select("SELECT 1 FROM provider_callback WHERE state = 'new'")).length === 0);
    expect(await refunds(payment)).toEqual([]);
    expect((await facts(payment)).slice(-2)).toEqual(['bank_a paid 01 5000', 'bank_a returned CB-1 5000']);
  });

  /** As often as it is tried to write a return; @returns how many of those tries are left. */
  function returnsAreLost(): () => number {
    const door = gateway.app.get(PaymentDoor);
    const write = door.write.bind(door) as (item: PaymentWrite) => Promise<never>;
    let left = 3;
    jest.spyOn(door, 'write').mockImplementation((item: PaymentWrite) => {
      if (item.do === 'return' && left-- > 0) return Promise.reject(new Error('the process dies here'));
      return write(item);
    });
    return () => left;
  }
  const heardAll = () =>
    until(async () => {
      await db().run("UPDATE provider_callback SET due_at = NOW(3) - INTERVAL 1 SECOND WHERE state = 'new'");
      await gateway.app.get(ApplyCallback).sweep();
      return (await db().select("SELECT 1 FROM provider_callback WHERE state = 'new'")).length === 0;
    });

  const LOST: [when: string, refunds: object[]][] = [
    ['before its refund has left', [{ state: 'failed', code: 'charged_back' }]],
    ['as the first word of it', []],
  ];
  test.each(LOST)(
    'charged back %s, and the process dies before its commit: told again, taken once',
    async (when, ends) => {
      const payment = await pay(true);
      const steps = jest.spyOn(gateway.app.get(RefundSteps), 'advance').mockResolvedValue(undefined);
      if (when === 'before its refund has left') {
        await gateway.callback('debit.succeeded', first(payment), `${payment.number}_late`);
        await until(async () => (await refunds(payment)).length === 1);
      }
      banks.bank_a.returned.set('CB-1', { order: `${payment.number}01`, amount: AMOUNT });
      const left = returnsAreLost();
      await chargedBack(payment);
      await until(() => Promise.resolve(left() <= 0));
      expect(await returnRows(payment)).toEqual([]);
      await chargedBack(payment, 2);
      const anew = { ...first(payment, 'CB-1'), reason: 'contested' };
      await gateway.callback('debit.returned', anew, `${payment.number}_anew`, 2);
      await heardAll();
      steps.mockRestore();
      await gateway.app.get(PaymentsSweepJob).sweep();
      expect(await returnRows(payment)).toEqual([
        { provider: 'bank_a', ref_no: 'CB-1', state: 'settled', amount: BigInt(AMOUNT) },
      ]);
      expect(await refunds(payment)).toMatchObject(ends);
      const told = (await facts(payment)).filter((fact) => /^bank_a (paid|returned|refund)/.test(fact));
      expect(told).toEqual(['bank_a paid 01 5000', 'bank_a returned CB-1 5000']);
      expect([banks.bank_a.charged(payment.number), banks.bank_b.charged(payment.number)]).toEqual([0, AMOUNT]);
      expect(balance()).toBe(BEFORE + BigInt(AMOUNT));
      expect(await doubts(payment)).toEqual([]);
    },
  );

  test('a statement tells of it: only of the provider whose statement it is', async () => {
    const payment = await pay(true);
    const tell = (provider: string, key: string) =>
      gateway.app.get(ResolvePayment).execute({
        ...{ key, paymentNo: payment.number, action: 'reverse_credit', providerTxnId: 'CB-2', provider },
        ...{ businessDate: '2026-11-22', amount: String(AMOUNT), evidence: 'sha256:abc line 7', actor: 'rule:back' },
      });
    expect(await tell('bank_c', `c${payment.number}`)).toMatchObject({ outcome: 'refused', reason: 'not_found' });
    expect(await tell('bank_a', `a${payment.number}`)).toMatchObject({ outcome: 'done', paymentState: 'completed' });
    expect(balance()).toBe(BEFORE + BigInt(AMOUNT));
    expect(await returnRows(payment)).toMatchObject([{ provider: 'bank_a', state: 'settled' }]);
  });

  describe('that was a page', () => {
    const stateOf = async ({ id }: Payment) => (await gateway.call<Payment>('GET', `/v1/payments/${id}`)).body.state;

    /** bank_a says that it opened no page; `opened`: it has. The payer stands before the page of bank_b. */
    async function openPages(opened: boolean): Promise<Payment> {
      const connector = connectorOf('bank_a');
      const open = connector.openCashier.bind(connector);
      jest.spyOn(connector, 'openCashier').mockImplementationOnce(async (order) => {
        if (opened) await open(order);
        return NOT_EXECUTED;
      });
      const funding = { type: 'cashier', method: 'card', presentation: 'redirect' };
      const body = { reference: `P${++serial}`, number, amount: AMOUNT, currency: 'CNY', funding };
      const { body: payment } = await gateway.call<Payment>('POST', '/v1/payments', body, { key: `p${serial}` });
      expect(payment.state).toBe('submitted');
      expect(await ladder(payment)).toMatchObject({
        attempt_no: `${payment.number}01`,
        state: 'open',
        due_at: expect.any(Date),
      });
      return payment;
    }
    /** He pays on the page of bank_b. */
    async function pays(payment: Payment): Promise<void> {
      banks.bank_b.payPage(`${payment.number}02`);
      const paid = success({ attempt_no: `${payment.number}02`, amount: AMOUNT });
      await gateway.callback('debit.succeeded', paid, `${payment.number}_paid`, 1, 'bank_b');
      await until(async () => (await stateOf(payment)) === 'completed');
    }
    const settled = async (payment: Payment) => {
      await until(async () => {
        await asked(payment);
        return (await ladder(payment))?.['state'] === 'settled';
      });
      expect(await ladder(payment)).toMatchObject({ due_at: null });
    };
    /** Charged once, by bank_b, and credited once; `back`: what bank_a took is with the payer again. */
    async function judge(payment: Payment, back: boolean): Promise<void> {
      expect(await stateOf(payment)).toBe('completed');
      expect([banks.bank_a.charged(payment.number), banks.bank_b.charged(payment.number)]).toEqual([0, AMOUNT]);
      expect(balance()).toBe(BEFORE + BigInt(AMOUNT));
      const given = {
        refund_no: `${payment.number}R01`,
        attempt_no: `${payment.number}01`,
        state: 'succeeded',
        code: null,
      };
      expect(await refunds(payment)).toEqual(back ? [given] : []);
      expect([banks.bank_a.returned.size, banks.bank_b.returned.size]).toEqual([back ? 1 : 0, 0]);
      expect(await doubts(payment)).toEqual([]);
    }

    test('is closed, late: nobody can pay on it any more, and it is asked about no more', async () => {
      const payment = await openPages(true);
      await pays(payment);
      await settled(payment);
      expect(() => banks.bank_a.payPage(`${payment.number}01`)).toThrow('no page');
      await judge(payment, false);
    });

    test('never was there: settled when its provider has said so twice', async () => {
      const payment = await openPages(false);
      await pays(payment);
      await settled(payment);
      expect((await ladder(payment))?.['not_found']).toBeGreaterThanOrEqual(1);
      await judge(payment, false);
    });

    test.each(['told by nobody', 'told late, three times'])('is paid too, %s: it goes back once', async (how) => {
      const payment = await openPages(true);
      await pays(payment);
      banks.bank_a.payPage(`${payment.number}01`);
      if (how === 'told by nobody') await asked(payment);
      else await gateway.callback('debit.succeeded', first(payment), `${payment.number}_late`, 3);
      await returned(payment);
      await settled(payment);
      await judge(payment, true);
    });

    test('is paid, and the other is not: it goes back, the other is closed, nothing is credited', async () => {
      const payment = await openPages(true);
      banks.bank_a.payPage(`${payment.number}01`);
      await asked(payment);
      await returned(payment);
      await db().run('UPDATE payment SET expires_at = NOW(3) - INTERVAL 1 SECOND WHERE payment_no = ?', [
        payment.number,
      ]);
      await until(async () => {
        await db().run('UPDATE payment SET due_at = NOW(3) - INTERVAL 1 SECOND WHERE payment_no = ?', [payment.number]);
        await gateway.app.get(PaymentsSweepJob).sweep();
        return (await stateOf(payment)) === 'closed';
      });
      await settled(payment);
      expect([banks.bank_a.charged(payment.number), banks.bank_b.charged(payment.number)]).toEqual([0, 0]);
      expect(banks.bank_a.returned.size).toBe(1);
      expect(balance()).toBe(BEFORE);
      expect(await doubts(payment)).toEqual([]);
    });

    const CLOSES: [fault: BankFault, paid: boolean][] = [
      ['silent_before', true],
      ['silent_after', true],
      ['error_after', true],
      ['forged_after', true],
      ['wrong_amount_after', true],
      ['wrong_order_after', true],
      ['unlisted_after', true],
      ['silent_after', false],
      ['forged_after', false],
      ['unlisted_after', false],
    ];
    test.each(CLOSES)('its close meets %s (paid: %s): nothing is known, and it is asked again', async (fault, paid) => {
      const payment = await openPages(true);
      await pays(payment);
      if (paid) banks.bank_a.payPage(`${payment.number}01`);
      banks.bank_a.strike('/v1/cashiers/close', fault);
      await asked(payment);
      await until(() => Promise.resolve(banks.bank_a.calm()));
      expect(await ladder(payment)).toMatchObject({ state: 'open', not_found: 0 });
      expect(await refunds(payment)).toEqual([]);
      await asked(payment);
      if (paid) await returned(payment);
      await settled(payment);
      await judge(payment, paid);
    });
  });
});
