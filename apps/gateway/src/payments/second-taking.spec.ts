import { Providers } from '../providers/providers';
import { DecideRules } from '../routing/decide-rules';
import { MoneyBank, type BankFault } from '../testing/money-bank';
import { PlayedGateway, success, until } from '../testing/played-gateway';
import { PaymentDoor } from './payment-door';
import type { PaymentWrite } from './payment.writes';
import { PaymentsSweepJob } from './payments-sweep.job';
import { RefundSteps } from './refund-steps';
import { ResolvePayment } from './resolve-payment';

/**
 * The first provider says that it did nothing, and has taken the money all the same; the next one takes it again. Judged by
 * both banks' ledgers, by both books and by the subscriber's balance.
 */
const AMOUNT = 5_000;
const BEFORE = 1_210n;
let serial = 0;

interface Payment {
  id: string;
  number: string;
  state: string;
  amount_refunded: number;
  refunds: { number: string; state: string; reason: string; amount: number; code: string | null }[];
}

describe('a payment that two providers have taken', () => {
  let gateway: PlayedGateway;
  let number: string;
  const banks = { bank_a: new MoneyBank(), bank_b: new MoneyBank() };
  beforeAll(async () => {
    gateway = await PlayedGateway.start({ otherBank: true });
    const decide = gateway.app.get(DecideRules);
    const providers = ['bank_a', 'bank_b'].map((provider) => ({ provider, feePpm: null, feeFixed: null }));
    const rule = { method: 'agreement', branch: '', amountFrom: null, amountTo: null, leastSuccessPpm: 0 };
    const version = await decide.propose([{ ...rule, chooseBy: 'listed', providers }], new Date(0), 'test', 'ops.a');
    await decide.decide(version, 'approve', '', 'ops.b');
  });
  afterAll(() => gateway.close());
  beforeEach(async () => {
    number = `1350000${String(++serial).padStart(4, '0')}`;
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

  /** bank_a says that it did nothing, and has taken the money. */
  async function pay(): Promise<Payment> {
    const { connector } = gateway.app.get(Providers).get('bank_a');
    jest.spyOn(connector, 'debit').mockImplementationOnce(({ orderNo }) => {
      banks.bank_a.taken.set(orderNo, AMOUNT);
      return Promise.resolve({ outcome: 'not_executed', cause: 'refused' });
    });
    const body = { reference: `T${++serial}`, number, amount: AMOUNT, currency: 'CNY', funding: { type: 'agreement' } };
    return (await gateway.call<Payment>('POST', '/v1/payments', body, { key: `t${serial}` })).body;
  }
  const read = async ({ id }: Payment) =>
    (await gateway.call<Payment>('GET', `/v1/payments/${id}?expand=refunds`)).body;
  const taken = ({ number: no }: Payment) => success({ attempt_no: `${no}01`, amount: AMOUNT });
  const tellsLate = (payment: Payment, copies = 1, event = 'late') =>
    gateway.callback('debit.succeeded', taken(payment), `${payment.number}_${event}`, copies);
  const refundOf = async ({ number: no }: Payment, end: string) => {
    const [row] = await db().select<{ state: string }>('SELECT * FROM refund WHERE refund_no = ? AND state = ?', [
      `${no}R01`,
      end,
    ]);
    return row;
  };
  /** Time passes: all that has a date is due, over and over. */
  async function timePasses(payment: Payment, end: string): Promise<void> {
    await until(
      async () => (await db().select('SELECT 1 FROM refund WHERE payment_no = ?', [payment.number])).length > 0,
    );
    await until(
      async () => {
        for (const table of ['payment', 'refund'])
          await db().run(
            `UPDATE ${table} SET due_at = NOW(3) - INTERVAL 1 SECOND WHERE payment_no = ? AND due_at IS NOT NULL`,
            [payment.number],
          );
        await gateway.app.get(PaymentsSweepJob).sweep();
        return (await refundOf(payment, end)) !== undefined;
      },
      () => end,
    );
  }
  const facts = async ({ number: no }: Payment) => {
    const sql = 'SELECT provider, kind, ref_no, amount FROM fact WHERE payment_no = ? ORDER BY seq';
    return (await db().select(sql, [no])).map((fact) =>
      [fact['provider'], fact['kind'], String(fact['ref_no']).slice(20), fact['amount']].join(' '),
    );
  };
  const doubts = ({ number: no }: Payment) =>
    db().select("SELECT provider, amount, why FROM doubt WHERE kind = 'attempt' AND payment_no = ?", [no]);

  /** The payer is charged once, by the bank that the payment stands on, and credited once. */
  async function judge(payment: Payment, state = 'completed', charged = AMOUNT): Promise<void> {
    expect(banks.bank_a.charged(payment.number)).toBe(0);
    expect(banks.bank_b.charged(payment.number)).toBe(charged);
    expect(balance() - BEFORE).toBe(BigInt(charged));
    const now = await read(payment);
    expect(now).toMatchObject({ state, amount_refunded: 0 });
    expect(now.refunds).toEqual([
      expect.objectContaining({ state: 'succeeded', reason: 'duplicate_payment', amount: AMOUNT }),
    ]);
    expect(banks.bank_a.returned.size).toBe(1);
    expect(banks.bank_b.returned.size).toBe(0);
    const rows = await db().select('SELECT attempt_no, hold, due_at FROM refund WHERE payment_no = ? AND reason = ?', [
      payment.number,
      'duplicate_payment',
    ]);
    expect(rows).toEqual([{ attempt_no: `${payment.number}01`, hold: 'none', due_at: null }]);
    expect(await doubts(payment)).toEqual([]);
  }

  test('told late five times and once more: it goes back once, from where it was taken, and both books say so', async () => {
    const payment = await pay();
    expect(payment.state).toBe('completed');
    await tellsLate(payment, 5);
    await timePasses(payment, 'succeeded');
    await tellsLate(payment, 2, 'again');
    await until(async () => (await db().select("SELECT 1 FROM provider_callback WHERE state = 'new'")).length === 0);
    await judge(payment);
    const asked = gateway.bank.received('/v1/refunds').at(-1);
    expect(asked).toMatchObject({ attempt_no: `${payment.number}01`, refund_no: `${payment.number}R01` });
    expect(await facts(payment)).toEqual([
      'bank_a submitted 01 5000',
      'bank_a declined 01 5000',
      'bank_b submitted 02 5000',
      'bank_b paid 02 5000',
      'bank_a paid 01 5000',
      'bank_a refund_submitted R01 5000',
      'bank_a refunded R01 5000',
    ]);
  });

  test('a statement tells of it first: it is the word about the provider whose statement it is, and of nobody else', async () => {
    const payment = await pay();
    const confirm = (provider: string, key: string) =>
      gateway.app.get(ResolvePayment).execute({
        ...{ key, paymentNo: payment.number, action: 'confirm_paid', providerTxnId: 'A1', provider },
        ...{ businessDate: '2026-11-22', amount: String(AMOUNT), evidence: 'sha256:abc line 3', actor: 'rule:late' },
      });
    expect(await confirm('bank_c', `c${payment.number}`)).toMatchObject({ outcome: 'refused', reason: 'not_found' });
    expect(await confirm('bank_a', `a${payment.number}`)).toMatchObject({ outcome: 'done', paymentState: 'completed' });
    await timePasses(payment, 'succeeded');
    await judge(payment);
    const attempts = await db().select('SELECT provider, provider_txn_id AS txn FROM attempt WHERE payment_no = ?', [
      payment.number,
    ]);
    expect(attempts.filter(({ txn }) => txn === 'A1').map(({ provider }) => provider)).toEqual(['bank_a']);
  });

  const FAULTS: [fault: BankFault][] = [
    ['silent_before'],
    ['silent_after'],
    ['error_before'],
    ['error_after'],
    ['forged_after'],
    ['wrong_amount_after'],
  ];
  test.each(FAULTS)('the giving back meets %s: unknown, asked again, given once', async (fault) => {
    const payment = await pay();
    banks.bank_a.strike('/v1/refunds', fault);
    await tellsLate(payment);
    await timePasses(payment, 'succeeded');
    expect(banks.bank_a.calm()).toBe(true);
    await judge(payment);
  });

  test.each(['submitted', 'succeeded'])('the process dies before the commit of %s: the sweep goes on', async (word) => {
    const payment = await pay();
    const door = gateway.app.get(PaymentDoor);
    const write = door.write.bind(door) as (item: PaymentWrite) => Promise<never>;
    let left = 3; // as often as it is tried to write
    jest.spyOn(door, 'write').mockImplementation((item: PaymentWrite) => {
      if (item.do === 'refund_news' && item.word.word === word && left-- > 0)
        return Promise.reject(new Error('the process dies here'));
      return write(item);
    });
    await tellsLate(payment);
    await timePasses(payment, 'succeeded');
    expect(left).toBeLessThanOrEqual(0);
    await judge(payment);
  });

  test('the process dies before anything is asked: the row has a date, and the sweep takes it', async () => {
    const payment = await pay();
    const spy = jest.spyOn(gateway.app.get(RefundSteps), 'advance');
    spy.mockRejectedValueOnce(new Error('the process dies here'));
    await tellsLate(payment);
    await timePasses(payment, 'succeeded');
    expect(spy.mock.calls.length).toBeGreaterThan(1);
    await judge(payment);
  });

  test('the first is heard of while the second is unknown; a query then finds the second', async () => {
    banks.bank_b.strike('/v1/debits', 'silent_after');
    const payment = await pay();
    expect(payment.state).toBe('unknown');
    await tellsLate(payment);
    await timePasses(payment, 'succeeded');
    await until(async () => (await read(payment)).state === 'completed');
    await judge(payment);
  });

  test('the second is declined in the end: what the first took is back, nothing is charged, nothing credited', async () => {
    banks.bank_b.strike('/v1/debits', 'decline');
    const payment = await pay();
    expect(payment.state).toBe('declined');
    await tellsLate(payment);
    await timePasses(payment, 'succeeded');
    await judge(payment, 'declined', 0);
  });

  test("the giving back is told by callback, by the bank that gives it; another bank's word counts for nothing", async () => {
    const payment = await pay();
    const { connector } = gateway.app.get(Providers).get('bank_a');
    jest.spyOn(connector, 'refund').mockResolvedValue({ outcome: 'unknown', cause: 'silent' });
    jest.spyOn(connector, 'queryRefund').mockResolvedValue({ outcome: 'unknown', cause: 'silent' });
    await tellsLate(payment);
    await timePasses(payment, 'unknown');
    const told = { ...taken(payment), refund_no: `${payment.number}R01` };
    await gateway.callback('refund.succeeded', told, `${payment.number}_other`, 1, 'bank_b');
    const note = async () =>
      (
        await db().select<{ note: string }>('SELECT note FROM provider_callback WHERE event_id = ?', [
          `${payment.number}_other`,
        ])
      )[0]?.note;
    await until(async () => (await note()) === 'no such refund of this provider');
    expect(await refundOf(payment, 'unknown')).toBeDefined();
    banks.bank_a.returned.set(`${payment.number}R01`, { order: `${payment.number}01`, amount: AMOUNT });
    await gateway.callback('refund.succeeded', told, `${payment.number}_rf`, 5);
    await until(async () => (await refundOf(payment, 'succeeded')) !== undefined);
    await judge(payment);
  });

  test('refused for good: people are told, the payment stays; given back after all it is done', async () => {
    const payment = await pay();
    banks.bank_a.strike('/v1/refunds', 'decline');
    await tellsLate(payment);
    await timePasses(payment, 'failed');
    expect(await doubts(payment)).toEqual([
      { provider: 'bank_a', amount: 5000n, why: expect.stringContaining(`${payment.number}R01 failed`) as string },
    ]);
    expect(await read(payment)).toMatchObject({ state: 'completed', amount_refunded: 0 });
    expect((await facts(payment)).at(-1)).toBe('bank_a refund_failed R01 5000');
    expect(balance() - BEFORE).toBe(BigInt(AMOUNT));
    const told = { ...taken(payment), refund_no: `${payment.number}R01` };
    await gateway.callback('refund.succeeded', told, `${payment.number}_after`, 2);
    await until(async () => (await refundOf(payment, 'succeeded')) !== undefined);
    expect((await facts(payment)).slice(-1)).toEqual(['bank_a refunded R01 5000']);
    expect(await read(payment)).toMatchObject({ state: 'completed', amount_refunded: 0 });
  });

  test('the payment itself can still be given back, by the bank that it stands on', async () => {
    const payment = await pay();
    await tellsLate(payment);
    await timePasses(payment, 'succeeded');
    const wanted = { payment: payment.id, amount: AMOUNT, reason: 'payer_request' };
    const refund = await gateway.call('POST', '/v1/refunds', wanted, { key: `tr${++serial}` });
    expect(refund.body).toMatchObject({ number: `${payment.number}R02`, state: 'succeeded' });
    expect(await read(payment)).toMatchObject({ state: 'refunded', amount_refunded: AMOUNT });
    expect([banks.bank_a.charged(payment.number), banks.bank_b.charged(payment.number)]).toEqual([0, 0]);
    expect(balance()).toBe(BEFORE);
  });
});
