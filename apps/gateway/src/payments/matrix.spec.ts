import { MoneyBank, type BankFault } from '../testing/money-bank';
import { PlayedGateway, until } from '../testing/played-gateway';
import { ApplyCallback } from './apply-callback';
import { AttemptSteps } from './attempt-steps';
import { BillingClient } from './billing.client';
import { CallbacksJob } from './callbacks.job';
import { CreditSteps } from './credit-steps';
import { PaymentFlow } from './payment-flow';
import { PaymentDoor } from './payment-door';
import type { PaymentWrite } from './payment.writes';
import { PaymentsSweepJob } from './payments-sweep.job';
import { RefundSteps } from './refund-steps';
import { ReturnSteps } from './return-steps';
import { ReturnsJob } from './returns.job';

/**
 * Each flow × step × fault: the right end, the payer charged at most once, and credited exactly what he is charged. Judged by
 * the rows, by the bank's own ledger and by the subscriber's balance; what broke off is carried on by the sweeps alone.
 */
const AMOUNT = 5_000;
const BEFORE = 1_210n;
let serial = 0;

interface Payment {
  id: string;
  number: string;
  state: string;
}
type Row = [step: string, fault: string, play: () => void | Promise<void>, ends: string];

describe('whatever goes wrong', () => {
  let gateway: PlayedGateway;
  let bank: MoneyBank;
  let number: string;
  let agreement: string;
  beforeAll(async () => (gateway = await PlayedGateway.start()));
  afterAll(() => gateway.close());
  beforeEach(async () => {
    gateway.billing.state.faults.clear();
    gateway.billing.state.silent = false;
    number = `1340000${String(++serial).padStart(4, '0')}`;
    gateway.billing.state.addNumber(number);
    agreement = await gateway.agreement(number);
    bank = new MoneyBank();
    bank.play(gateway.bank);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    struck.length = 0;
  });

  /** Whether what was to go wrong has gone wrong: a fault that nobody met proves nothing. */
  const struck: (() => boolean)[] = [];

  const db = () => gateway.database.db;
  const balance = () => gateway.billing.state.balance(`s${number}`);
  const faulty = (path: string, fault: BankFault) => () => {
    bank.strike(path, fault);
    struck.push(() => bank.calm());
  };
  const billing = (fault: 'unknown' | 'rejected' | 'maintenance' | 'busy' | 'pending') => () =>
    void gateway.billing.state.faults.set('420000', fault);
  /** The process dies where this step would begin: its caller gets no answer, the books stay as they are. */
  function dies<T extends object, M extends jest.FunctionPropertyNames<Required<T>>>(
    step: new (...args: never[]) => T,
    method: M,
  ) {
    return () => {
      const spy = jest.spyOn(gateway.app.get<T>(step as never), method);
      (spy as jest.SpyInstance).mockRejectedValueOnce(new Error('the process dies here'));
      struck.push(() => spy.mock.calls.length > 0);
    };
  }
  /** What somebody outside has said is lost: the process dies after the answer and before its commit. '': any word. */
  function diesBeforeCommit(of: PaymentWrite['do'], word: string) {
    return () => {
      const door = gateway.app.get(PaymentDoor);
      const write = door.write.bind(door) as (item: PaymentWrite) => Promise<never>;
      let left = 3; // as often as it is tried to write
      struck.push(() => left <= 0);
      jest.spyOn(door, 'write').mockImplementation((item: PaymentWrite) => {
        const said = item.do === of && (word === '' || ('word' in item && item.word.word === word));
        if (said && left-- > 0) return Promise.reject(new Error('the process dies here'));
        return write(item);
      });
    };
  }

  /** The bank answers so, and the process dies before that is written. */
  const both = (path: string, fault: BankFault, of: PaymentWrite['do'], word: string) => () => {
    faulty(path, fault)();
    diesBeforeCommit(of, word)();
  };
  /** The money is taken and the answer lost; then the question about it meets this. */
  const lostThenAsked = (fault: BankFault) => () => {
    faulty('/v1/debits', 'silent_after')();
    faulty('/v1/debits/query', fault)();
  };
  const refundLost = (fault: BankFault) => () => {
    faulty('/v1/refunds', 'silent_after')();
    faulty('/v1/refunds/query', fault)();
  };
  const lostAndDies = () => {
    faulty('/v1/debits', 'silent_after')();
    dies(AttemptSteps, 'ask')();
  };
  const refusedAndDies = () => {
    billing('rejected')();
    diesBeforeCommit('credit', 'rejected')();
  };

  /** Billing's word about placing a hold is lost, before or after it was carried out. */
  const holdLost = (carriedOut: boolean) => () => {
    const { state } = gateway.billing;
    const real = state.hold.bind(state);
    const spy = jest.spyOn(state, 'hold').mockImplementationOnce((item) => {
      if (carriedOut) real(item);
      return { key: item.key, outcome: 'unknown', replay: false };
    });
    struck.push(() => spy.mock.calls.length > 1);
  };
  /** The same of taking the value held for good, or of freeing it. */
  const resolvingLost = (carriedOut: boolean) => () => {
    const { state } = gateway.billing;
    const real = state.resolveHold.bind(state);
    const spy = jest.spyOn(state, 'resolveHold').mockImplementationOnce((key, action) => {
      if (carriedOut) real(key, action);
      return { key, outcome: 'unknown', replay: false };
    });
    struck.push(() => spy.mock.calls.length > 1);
  };
  /** Billing keeps a refusal: whoever asks again under the same key hears it again. */
  const holdRefusedAndDies = () => {
    jest
      .spyOn(gateway.billing.state, 'hold')
      .mockImplementation(({ key }) => ({ key, outcome: 'rejected', reason: 'refund_exceeds_balance', replay: false }));
    diesBeforeCommit('refund_news', 'hold_refused')();
  };
  const refundFailsAnd = (then: () => void) => () => {
    faulty('/v1/refunds', 'decline')();
    then();
  };

  async function create(funding: object, as?: 'demo_bank'): Promise<Payment> {
    const reference = `M${++serial}`;
    const body = { reference, number, amount: AMOUNT, currency: 'CNY', funding };
    await gateway.call('POST', '/v1/payments', body, { key: reference, ...(as ? { as } : {}) });
    const [row] = await db().select<{ payment_no: string }>('SELECT payment_no FROM payment WHERE reference = ?', [
      reference,
    ]);
    if (!row) throw new Error('the payment was never written');
    return { id: `pay_${row.payment_no}`, number: row.payment_no, state: '' };
  }
  const debit = () => create({ type: 'agreement', agreement });
  const cashier = () => create({ type: 'cashier', provider: 'bank_a', presentation: 'redirect' });
  const collect = () => create({ type: 'collected', taken_at: '2026-11-22T04:00:00.000Z' });

  const stateOf = async ({ number: no }: Payment) =>
    String((await db().select('SELECT state FROM payment WHERE payment_no = ?', [no]))[0]?.['state']);
  const openRefunds = async ({ number: no }: Payment) => {
    const sql =
      "SELECT 1 FROM refund WHERE payment_no = ? AND (state NOT IN ('succeeded', 'failed') OR due_at IS NOT NULL)";
    return (await db().select(sql, [no])).length;
  };
  /** Time passes: all that has a date is due, over and over, until nothing waits any more. */
  async function timePasses(payment: Payment, ends: string): Promise<void> {
    for (let turn = 0; turn < 8; turn++) {
      for (const table of ['payment', 'refund'])
        await db().run(
          `UPDATE ${table} SET due_at = NOW(3) - INTERVAL 1 SECOND WHERE payment_no = ? AND due_at IS NOT NULL`,
          [payment.number],
        );
      await gateway.app.get(PaymentsSweepJob).sweep();
      if ((await stateOf(payment)) === ends && (await openRefunds(payment)) === 0) return;
    }
  }
  /** A callback that could not be applied is due again. */
  const untilHeard = (holds: () => Promise<boolean>) =>
    until(async () => {
      await db().run("UPDATE provider_callback SET due_at = NOW(3) - INTERVAL 1 SECOND WHERE state = 'new'");
      await gateway.app.get(ApplyCallback).sweep();
      return holds();
    });
  const expire = ({ number: no }: Payment) =>
    db().run('UPDATE payment SET expires_at = NOW(3) - INTERVAL 1 SECOND WHERE payment_no = ?', [no]);

  async function judge(payment: Payment, ends: string, atBank: (no: string) => number): Promise<void> {
    await timePasses(payment, ends);
    await until(
      async () => (await stateOf(payment)) === ends,
      () => ends,
      2_000,
    );
    expect(struck.every((met) => met())).toBe(true);
    const asked = gateway.bank
      .received('/v1/debits')
      .filter((body) => String(body['attempt_no']).startsWith(payment.number));
    expect(asked.length).toBeLessThanOrEqual(1);
    const charged = atBank(payment.number);
    expect([0, AMOUNT]).toContain(charged);
    expect(balance() - BEFORE).toBe(BigInt(charged));
    const paid = await db().select("SELECT 1 FROM fact WHERE payment_no = ? AND kind = 'paid'", [payment.number]);
    expect(paid.length).toBeLessThanOrEqual(1);
    const [row] = await db().select<{ refunded: bigint; charged: bigint }>(
      'SELECT refunded, charged FROM payment WHERE payment_no = ?',
      [payment.number],
    );
    if (['completed', 'refunded', 'reversed'].includes(ends))
      expect((row?.charged ?? 0n) - (row?.refunded ?? 0n)).toBe(BigInt(charged));
  }
  const byBank = (no: string) => bank.charged(no);

  const DEBITS: Row[] = [
    ['nothing', 'wrong', () => undefined, 'completed'],
    ['debit', 'time-out before the effect', faulty('/v1/debits', 'silent_before'), 'closed'],
    ['debit', 'time-out after the effect', faulty('/v1/debits', 'silent_after'), 'completed'],
    ['debit', 'decline', faulty('/v1/debits', 'decline'), 'declined'],
    ['debit', '500 before', faulty('/v1/debits', 'error_before'), 'closed'],
    ['debit', '500 after', faulty('/v1/debits', 'error_after'), 'completed'],
    ['debit', 'line cut after', faulty('/v1/debits', 'cut_after'), 'completed'],
    ['debit', 'forged answer', faulty('/v1/debits', 'forged_after'), 'completed'],
    ['debit', 'echo of another sum', faulty('/v1/debits', 'wrong_amount_after'), 'completed'],
    ['debit', 'echo of another order', faulty('/v1/debits', 'wrong_order_after'), 'completed'],
    ['debit', 'a status nobody listed', faulty('/v1/debits', 'unlisted_after'), 'completed'],
    ['debit', 'dies before the call', dies(AttemptSteps, 'debit'), 'closed'],
    ['answer', 'dies before its commit', diesBeforeCommit('attempt', 'succeeded'), 'completed'],
    ['answer', 'a decline dies before its commit', both('/v1/debits', 'decline', 'attempt', 'declined'), 'declined'],
    ['answer', 'no answer, and that dies too', both('/v1/debits', 'silent_after', 'attempt', 'unknown'), 'completed'],
    ['query', 'no answer', lostThenAsked('silent_after'), 'completed'],
    ['query', '500', lostThenAsked('error_after'), 'completed'],
    ['query', 'line cut', lostThenAsked('cut_after'), 'completed'],
    ['query', 'forged answer', lostThenAsked('forged_after'), 'completed'],
    ['query', 'echo of another sum', lostThenAsked('wrong_amount_after'), 'completed'],
    ['query', 'echo of another order', lostThenAsked('wrong_order_after'), 'completed'],
    ['query', 'a status nobody listed', lostThenAsked('unlisted_after'), 'completed'],
    ['query', 'dies before it', lostAndDies, 'completed'],
    ['credit', 'a refusal dies before its commit', refusedAndDies, 'refunded'],
    ['credit', 'dies before it is asked', dies(CreditSteps, 'post'), 'completed'],
    ['credit', 'dies before its commit', diesBeforeCommit('credit', 'credited'), 'completed'],
    ['credit', 'refused', billing('rejected'), 'refunded'],
    [
      'credit and refund',
      'refused, and the refund is not answered',
      () => {
        billing('rejected')();
        bank.strike('/v1/refunds', 'silent_after');
      },
      'refunded',
    ],
    [
      'credit',
      'dies before the money goes back',
      async () => {
        billing('rejected')();
        await Promise.resolve();
        dies(RefundSteps, 'advance')();
      },
      'refunded',
    ],
  ];
  test.each(DEBITS)('debit · %s · %s', async (_, __, play, ends) => {
    await play();
    await judge(await debit(), ends, byBank);
  });

  const LATER: ['unknown' | 'maintenance' | 'busy' | 'pending'][] = [
    ['unknown'],
    ['maintenance'],
    ['busy'],
    ['pending'],
  ];
  test.each(LATER)('debit · credit · billing says %s, and gives it when it is asked again', async (fault) => {
    billing(fault)();
    const payment = await debit();
    expect(balance()).toBe(BEFORE);
    gateway.billing.state.faults.clear();
    await judge(payment, 'completed', byBank);
  });

  test('debit · credit · billing never answers, then does', async () => {
    const { state } = gateway.billing;
    const real = state.credit.bind(state);
    jest.spyOn(state, 'credit').mockImplementationOnce((item) => {
      real(item); // it is given, and nobody hears so
      return { key: item.key, outcome: 'unknown', replay: false };
    });
    await judge(await debit(), 'completed', byBank);
  });

  const CALLBACKS: Row[] = [
    ['told five times at once', 'before the query', () => undefined, 'completed'],
    ['told of another sum', 'then asked', () => undefined, 'completed'],
    ['forged', 'then asked', () => undefined, 'completed'],
    ['declined', 'after it was paid', () => undefined, 'completed'],
  ];
  test.each(CALLBACKS)('debit · callback · %s, %s', async (how, _, __, ends) => {
    bank.strike('/v1/debits', 'silent_after');
    const payment = await debit();
    const data = { ...success(payment), attempt_no: `${payment.number}01` };
    if (how === 'forged') expect(await forged(payment, data)).toBe(401);
    else if (how === 'told of another sum')
      await gateway.callback('debit.succeeded', { ...data, amount: AMOUNT + 1 }, `${payment.number}_x`);
    else await gateway.callback('debit.succeeded', data, `${payment.number}_ok`, 5);
    if (how === 'declined') {
      await until(async () => (await stateOf(payment)) === 'completed');
      const no = { attempt_no: data.attempt_no, status: 'declined', reason: 'insufficient_funds' };
      await gateway.callback('debit.declined', no, `${payment.number}_no`);
    }
    await judge(payment, ends, byBank);
  });

  const success = (payment: Payment) => ({
    ...{ attempt_no: `${payment.number}01`, status: 'succeeded', txn_id: `X${payment.number}`, amount: AMOUNT },
    ...{ currency: 'CNY', business_date: '2026-11-22', completed_at: new Date().toISOString() },
  });
  async function forged(payment: Payment, data: object): Promise<number> {
    const targetUri = `${gateway.url}/callbacks/bank_a`;
    const event = `${payment.number}_f`;
    const call = gateway.bank.signedCallback(
      event,
      'debit.succeeded',
      { ...data },
      { targetUri, signedBy: 'stranger' },
    );
    const headers = { 'content-type': 'application/json', ...(call.headers as Record<string, string>) };
    return (await fetch(targetUri, { method: 'POST', headers, body: call.body.toString() })).status;
  }

  type Payer = 'pays, told' | 'pays, not told' | 'never pays' | 'pays before the close' | 'pays, told late';
  const CASHIERS: [payer: Payer, fault: BankFault | null, path: string, ends: string][] = [
    ['pays, told', null, '', 'completed'],
    ['pays, not told', null, '', 'completed'],
    ['never pays', null, '', 'closed'],
    ['never pays', 'silent_before', '/v1/cashiers/close', 'closed'],
    ['never pays', 'silent_after', '/v1/cashiers/close', 'closed'],
    ['never pays', 'error_after', '/v1/cashiers/close', 'closed'],
    ['never pays', 'silent_before', '/v1/cashiers', 'closed'],
    ['never pays', 'silent_after', '/v1/cashiers', 'closed'],
    ['never pays', 'forged_after', '/v1/cashiers', 'closed'],
    ['never pays', 'wrong_order_after', '/v1/cashiers', 'closed'],
    ['pays before the close', null, '', 'completed'],
    ['pays before the close', 'silent_after', '/v1/cashiers/close', 'completed'],
    ['pays before the close', 'wrong_amount_after', '/v1/cashiers/close', 'completed'],
    ['pays, not told', 'wrong_amount_after', '/v1/debits/query', 'completed'],
    ['pays, not told', 'error_before', '/v1/debits/query', 'completed'],
    ['pays, told late', null, '', 'completed'],
  ];
  test.each(CASHIERS)('cashier · the payer %s · %s at %s: %s', async (payer, fault, path, ends) => {
    if (fault) faulty(path, fault)();
    const payment = await cashier();
    const attempt = `${payment.number}01`;
    if (payer === 'never pays') await expire(payment);
    else bank.payPage(attempt);
    if (payer === 'pays before the close') await expire(payment);
    if (payer === 'pays, told') await gateway.callback('debit.succeeded', success(payment), `${payment.number}_ok`, 3);
    if (payer === 'pays, told late') {
      bank.taken.clear(); // the close comes first, and says so; the money comes all the same
      await expire(payment);
      await timePasses(payment, 'closed');
      expect(await stateOf(payment)).toBe('closed');
      bank.taken.set(attempt, AMOUNT);
      await gateway.callback('debit.succeeded', success(payment), `${payment.number}_late`, 3);
      await until(async () => (await stateOf(payment)) === 'completed');
    }
    await judge(payment, ends, byBank);
  });

  const PAGES: [...Row, paid: boolean][] = [
    ['page', 'dies before it is asked for', dies(AttemptSteps, 'openCashier'), 'closed', false],
    ['page', 'dies before its commit', diesBeforeCommit('attempt', 'opened'), 'closed', false],
    ['page', '500 before', faulty('/v1/cashiers', 'error_before'), 'closed', false],
    ['page', '500 after', faulty('/v1/cashiers', 'error_after'), 'closed', false],
    ['page', 'line cut after', faulty('/v1/cashiers', 'cut_after'), 'closed', false],
    ['page, paid', 'dies before its commit', diesBeforeCommit('attempt', 'opened'), 'completed', true],
    ['page, paid', 'its answer is lost', faulty('/v1/cashiers', 'silent_after'), 'completed', true],
    ['close', 'dies before it', dies(AttemptSteps, 'close'), 'closed', false],
    ['close', 'dies before its commit', diesBeforeCommit('attempt', 'closed'), 'closed', false],
    ['close', 'forged answer', faulty('/v1/cashiers/close', 'forged_after'), 'closed', false],
    ['close', 'a status nobody listed', faulty('/v1/cashiers/close', 'unlisted_after'), 'closed', false],
    ['close, paid', 'dies before its commit', diesBeforeCommit('attempt', 'succeeded'), 'completed', true],
    ['close, paid', 'echo of another order', faulty('/v1/cashiers/close', 'wrong_order_after'), 'completed', true],
    ['credit, paid', 'refused', billing('rejected'), 'refunded', true],
    ['credit, paid', 'dies before it is asked', dies(CreditSteps, 'post'), 'completed', true],
    ['credit, paid', 'dies before its commit', diesBeforeCommit('credit', 'credited'), 'completed', true],
  ];
  test.each(PAGES)('cashier · %s · %s', async (_, __, play, ends, paid) => {
    await play();
    const payment = await cashier();
    if (paid) bank.payPage(`${payment.number}01`);
    await expire(payment);
    await judge(payment, ends, byBank);
  });

  /** Closed, and then the money comes: credited, whatever breaks off on the way. */
  const LATE: Row[] = [
    ['callback', 'dies before it is understood', dies(PaymentFlow, 'afterMoney'), 'completed'],
    ['callback', 'dies before its commit', diesBeforeCommit('attempt', 'succeeded'), 'completed'],
    ['decision', 'dies before it', dies(CreditSteps, 'settleLate'), 'completed'],
    ['credit', 'refused', billing('rejected'), 'refunded'],
    ['credit', 'dies before it is asked', dies(CreditSteps, 'post'), 'completed'],
    ['credit', 'dies before its commit', diesBeforeCommit('credit', 'credited'), 'completed'],
  ];
  test.each(LATE)('late money · %s · %s', async (_, __, play, ends) => {
    const payment = await cashier();
    await expire(payment);
    await timePasses(payment, 'closed');
    await until(async () => (await stateOf(payment)) === 'closed');
    bank.taken.set(`${payment.number}01`, AMOUNT);
    await play();
    await gateway.callback('debit.succeeded', success(payment), `${payment.number}_late`);
    await untilHeard(async () => (await stateOf(payment)) !== 'closed');
    await judge(payment, ends, byBank);
  });

  /** The partner holds what it took until it gives it back; rejected money never was ours. */
  const byPartner = (ends: string) => (no: string) =>
    ends === 'rejected' || ends === 'reversed' ? 0 : AMOUNT + bank.charged(no);

  const COLLECTIONS: Row[] = [
    ['nothing', 'wrong', () => undefined, 'completed'],
    ['credit', 'refused', billing('rejected'), 'rejected'],
    ['credit', 'dies before it is asked', dies(CreditSteps, 'post'), 'completed'],
    ['credit', 'dies before its commit', diesBeforeCommit('credit', 'credited'), 'completed'],
    [
      'credit',
      'a refusal dies before its commit',
      async () => {
        billing('rejected')();
        await Promise.resolve();
        diesBeforeCommit('credit', 'rejected')();
      },
      'rejected',
    ],
  ];
  test.each(COLLECTIONS)('collection · %s · %s', async (_, __, play, ends) => {
    await play();
    await judge(await collect(), ends, byPartner(ends));
  });
  test.each(LATER)('collection · credit · billing says %s, and gives it when it is asked again', async (fault) => {
    billing(fault)();
    const payment = await collect();
    gateway.billing.state.faults.clear();
    await judge(payment, 'completed', byPartner('completed'));
  });

  const REFUNDS: Row[] = [
    ['nothing', 'wrong', () => undefined, 'refunded'],
    ['refund', 'time-out before the effect', faulty('/v1/refunds', 'silent_before'), 'refunded'],
    ['refund', 'time-out after the effect', faulty('/v1/refunds', 'silent_after'), 'refunded'],
    ['refund', 'decline', faulty('/v1/refunds', 'decline'), 'completed'],
    ['refund', '500 before', faulty('/v1/refunds', 'error_before'), 'refunded'],
    ['refund', '500 after', faulty('/v1/refunds', 'error_after'), 'refunded'],
    ['refund', 'forged answer', faulty('/v1/refunds', 'forged_after'), 'refunded'],
    ['refund', 'echo of another sum', faulty('/v1/refunds', 'wrong_amount_after'), 'refunded'],
    ['refund', 'a status nobody listed', faulty('/v1/refunds', 'unlisted_after'), 'refunded'],
    ['refund', 'line cut after', faulty('/v1/refunds', 'cut_after'), 'refunded'],
    ['refund', 'echo of another order', faulty('/v1/refunds', 'wrong_order_after'), 'refunded'],
    [
      'refund',
      'a failure dies before its commit',
      both('/v1/refunds', 'decline', 'refund_news', 'failed'),
      'completed',
    ],
    ['query', 'no answer', refundLost('silent_after'), 'refunded'],
    ['query', '500', refundLost('error_after'), 'refunded'],
    ['query', 'forged answer', refundLost('forged_after'), 'refunded'],
    ['query', 'echo of another sum', refundLost('wrong_amount_after'), 'refunded'],
    ['query', 'echo of another order', refundLost('wrong_order_after'), 'refunded'],
    ['query', 'a status nobody listed', refundLost('unlisted_after'), 'refunded'],
    ['freeing', 'dies before its commit', both('/v1/refunds', 'decline', 'refund_news', 'hold_voided'), 'completed'],
    ['freeing', 'dies before billing is asked', refundFailsAnd(dies(BillingClient, 'resolveHold')), 'completed'],
    ['freeing', 'no answer, nothing is freed', refundFailsAnd(resolvingLost(false)), 'completed'],
    ['freeing', 'freed, and the answer is lost', refundFailsAnd(resolvingLost(true)), 'completed'],
    ['hold', 'dies before it', dies(RefundSteps, 'advance'), 'refunded'],
    ['hold', 'no answer, nothing is held', holdLost(false), 'refunded'],
    ['hold', 'held, and the answer is lost', holdLost(true), 'refunded'],
    ['hold', 'a refusal dies before its commit', holdRefusedAndDies, 'completed'],
    ['posting', 'posted, and the answer is lost', resolvingLost(true), 'refunded'],
    ['hold', 'dies before its commit', diesBeforeCommit('refund_news', 'held'), 'refunded'],
    ['submit', 'dies before its commit', diesBeforeCommit('refund_news', 'submitted'), 'refunded'],
    ['refund', 'dies before its commit', diesBeforeCommit('refund_news', 'succeeded'), 'refunded'],
    ['posting', 'dies before its commit', diesBeforeCommit('refund_news', 'hold_posted'), 'refunded'],
    ['hold', 'spent', () => void jest.spyOn(gateway.billing.state, 'balance').mockReturnValueOnce(0n), 'completed'],
  ];
  test.each(REFUNDS)('refund · %s · %s', async (_, __, play, ends) => {
    const payment = await debit();
    await play();
    const wanted = { payment: payment.id, amount: AMOUNT, reason: 'payer_request' };
    await gateway.call('POST', '/v1/refunds', wanted, { key: `mr${++serial}` });
    await judge(payment, ends, byBank);
  });
  test('refund · callback · told five times while it is unknown', async () => {
    const payment = await debit();
    bank.strike('/v1/refunds', 'silent_after');
    const wanted = { payment: payment.id, amount: AMOUNT, reason: 'payer_request' };
    await gateway.call('POST', '/v1/refunds', wanted, { key: `mr${++serial}` });
    const told = { ...success(payment), refund_no: `${payment.number}R01` };
    await gateway.callback('refund.succeeded', told, `${payment.number}_rf`, 5);
    await judge(payment, 'refunded', byBank);
  });

  test('refund · callback · it had failed, and the late word of its success dies before its commit', async () => {
    const payment = await debit();
    bank.strike('/v1/refunds', 'decline');
    const wanted = { payment: payment.id, amount: AMOUNT, reason: 'payer_request' };
    await gateway.call('POST', '/v1/refunds', wanted, { key: `mr${++serial}` });
    await timePasses(payment, 'completed');
    bank.returned.set(`${payment.number}R01`, { order: `${payment.number}01`, amount: AMOUNT });
    diesBeforeCommit('refund_news', 'succeeded')();
    const told = { ...success(payment), refund_no: `${payment.number}R01` };
    await gateway.callback('refund.succeeded', told, `${payment.number}_rf`);
    await untilHeard(async () => (await stateOf(payment)) === 'refunded');
    expect(bank.charged(payment.number)).toBe(0);
  });

  const REVERSALS: Row[] = [
    ['nothing', 'wrong', () => undefined, 'reversed'],
    ['hold', 'dies before it', dies(RefundSteps, 'advance'), 'reversed'],
    ['hold', 'dies before its commit', diesBeforeCommit('refund_news', 'held'), 'reversed'],
    ['hold', 'dies before billing is asked', dies(BillingClient, 'hold'), 'reversed'],
    ['hold', 'no answer, nothing is held', holdLost(false), 'reversed'],
    ['hold', 'held, and the answer is lost', holdLost(true), 'reversed'],
    ['hold', 'a refusal dies before its commit', holdRefusedAndDies, 'completed'],
    ['reversal', 'dies before its commit', diesBeforeCommit('refund_news', 'succeeded'), 'reversed'],
    ['posting', 'dies before billing is asked', dies(BillingClient, 'resolveHold'), 'reversed'],
    ['posting', 'no answer, nothing is posted', resolvingLost(false), 'reversed'],
    ['posting', 'posted, and the answer is lost', resolvingLost(true), 'reversed'],
    ['posting', 'dies before its commit', diesBeforeCommit('refund_news', 'hold_posted'), 'reversed'],
    ['hold', 'spent', () => void jest.spyOn(gateway.billing.state, 'balance').mockReturnValueOnce(0n), 'completed'],
  ];
  test.each(REVERSALS)('reversal · %s · %s', async (_, __, play, ends) => {
    const payment = await collect();
    await play();
    const body = { payment: payment.id, reason: 'teller_timeout' };
    await Promise.all([1, 2].map((n) => gateway.call('POST', '/v1/reversals', body, { key: `mv${serial}-${n}` })));
    await judge(payment, ends, byPartner(ends));
  });
  /** The credit is given up first, and nothing is credited afterwards. */
  const GIVEN_UP: Row[] = [
    ['nothing', 'wrong', () => undefined, 'reversed'],
    ['void', 'dies before billing is asked', dies(BillingClient, 'voidCredit'), 'reversed'],
    ['void', 'dies before its commit', diesBeforeCommit('credit', 'voided'), 'reversed'],
    [
      'hold',
      'that there is nothing to hold dies before its commit',
      diesBeforeCommit('refund_news', 'nothing_to_hold'),
      'reversed',
    ],
  ];
  test.each(GIVEN_UP)('reversal · credit unknown · %s · %s', async (_, __, play, ends) => {
    billing('maintenance')();
    const payment = await collect();
    await play();
    await gateway.call('POST', '/v1/reversals', { payment: payment.id, reason: 'x' }, { key: `mv${++serial}` });
    gateway.billing.state.faults.clear();
    await judge(payment, ends, byPartner(ends));
  });

  const BACK: Row[] = [
    ['callback', 'nothing wrong, told three times', () => undefined, 'returned'],
    ['callback', 'dies before it is written', diesBeforeCommit('return', ''), 'returned'],
    ['credit', 'dies before it is taken back', dies(ReturnSteps, 'advance'), 'returned'],
    ['credit', 'billing does not answer', () => void (gateway.billing.state.reverseFault = 'unknown'), 'returned'],
    ['credit', 'what billing says dies before its commit', diesBeforeCommit('return_news', 'taken_back'), 'returned'],
  ];
  test.each(BACK)('charge-back · %s · %s', async (_, __, play, ends) => {
    const payment = await debit();
    bank.returned.set('CB', { order: `${payment.number}01`, amount: AMOUNT });
    await play();
    const told = { ...success(payment), txn_id: `CB${payment.number}`, reason: 'contested' };
    await gateway.callback('debit.returned', told, `${payment.number}_cb`, 3);
    await untilHeard(async () => (await stateOf(payment)) === ends);
    gateway.billing.state.reverseFault = null;
    const settled = async () => {
      const mine = 'WHERE payment_no = ? AND due_at IS NOT NULL';
      await db().run(`UPDATE provider_return SET due_at = NOW(3) - INTERVAL 1 SECOND ${mine}`, [payment.number]);
      await gateway.app.get(ReturnsJob).sweep();
      const rows = await db().select('SELECT state FROM provider_return WHERE payment_no = ?', [payment.number]);
      return rows.length === 1 && rows[0]?.['state'] === 'settled';
    };
    await until(settled);
    await judge(payment, ends, byBank);
  });

  test('nothing of all that waits for a callback any more', async () => {
    expect(gateway.app.get(CallbacksJob)).toBeDefined();
    await until(async () => (await db().select("SELECT 1 FROM provider_callback WHERE state = 'new'")).length === 0);
  });
});
