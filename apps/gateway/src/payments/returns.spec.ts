import { RestAgreement } from '../agreements/rest-agreement';
import { Providers } from '../providers/providers';
import { PlayedGateway, success, until } from '../testing/played-gateway';
import { ResolvePayment } from './resolve-payment';
import { ReturnsJob } from './returns.job';

let serial = 0;

interface Payment {
  id: string;
  number: string;
  state: string;
  final: boolean;
  amount_refunded: number;
}
interface ReturnLine {
  return_no: string;
  ref_no: string;
  state: string;
  amount: bigint;
  code: string | null;
}

describe('the provider takes money back by itself', () => {
  let gateway: PlayedGateway;
  let number: string;
  let agreement: string;
  beforeAll(async () => (gateway = await PlayedGateway.start()));
  afterAll(() => gateway.close());
  beforeEach(async () => {
    gateway.billing.state.faults.clear();
    gateway.billing.state.reverseFault = null;
    number = `1370000${String(++serial).padStart(4, '0')}`;
    gateway.billing.state.addNumber(number);
    agreement = await gateway.agreement(number);
    gateway.bank.play('succeed');
  });

  const db = () => gateway.database.db;
  const balance = () => gateway.billing.state.balance(`s${number}`);
  async function pay(amount = 5000): Promise<Payment> {
    const body = {
      reference: `B${++serial}`,
      number,
      amount,
      currency: 'CNY',
      funding: { type: 'agreement', agreement },
    };
    return (await gateway.call<Payment>('POST', '/v1/payments', body, { key: `b${serial}` })).body;
  }
  const read = async ({ id }: Payment) => (await gateway.call<Payment>('GET', `/v1/payments/${id}`)).body;
  const returnsOf = ({ number: no }: Payment) =>
    db().select<ReturnLine & Record<string, unknown>>(
      'SELECT return_no, ref_no, state, amount, code FROM provider_return WHERE payment_no = ? ORDER BY return_no',
      [no],
    );
  const takenBack = (payment: Payment, amount: number, over: object = {}, event = `${payment.number}_back`) =>
    gateway.callback(
      'debit.returned',
      { ...success({ attempt_no: `${payment.number}01`, amount }), reason: 'contested', ...over },
      event,
    );
  const settled = (payment: Payment, state = 'settled') =>
    until(async () => (await returnsOf(payment)).some((row) => row.state === state));

  test('told by callback, five times at once: returned once, credit taken back past the balance, agreement rests', async () => {
    const payment = await pay();
    jest.spyOn(gateway.billing.state, 'balance').mockReturnValueOnce(100n); // most of it is spent
    const body = success({ attempt_no: `${payment.number}01`, amount: 5000 });
    await gateway.callback('debit.returned', { ...body, reason: 'contested' }, `${payment.number}_r`, 5);
    await settled(payment);
    expect(await read(payment)).toMatchObject({ state: 'returned', final: true, amount_refunded: 5000 });
    expect(await returnsOf(payment)).toEqual([
      expect.objectContaining({ return_no: `${payment.number}B01`, ref_no: body['txn_id'], amount: 5000n }),
    ]);
    expect(balance()).toBe(-4900n);
    const facts = await db().select('SELECT kind, ref_no, amount FROM fact WHERE payment_no = ? AND kind = ?', [
      payment.number,
      'returned',
    ]);
    expect(facts).toEqual([{ kind: 'returned', ref_no: body['txn_id'], amount: 5000n }]);
    const frozen = await db().select('SELECT state, frozen_by, frozen_until FROM agreement WHERE id = ?', [agreement]);
    expect(frozen).toEqual([{ state: 'frozen', frozen_by: 'returned', frozen_until: null }]);
    expect(await pay()).toMatchObject({ code: 'agreement_not_active' });
    expect(await gateway.received(number, /已收回50\.00元/)).toContain('甲银行尾号8812');
    const told = await db().select('SELECT type FROM event WHERE object_id IN (?, ?) ORDER BY type', [
      payment.id,
      agreement,
    ]);
    expect(told.map((row) => row['type'])).toEqual(
      expect.arrayContaining(['agreement.frozen', 'payment.completed', 'payment.returned']),
    );
  });

  test('a released agreement pays again; nothing else releases it', async () => {
    const payment = await pay();
    await takenBack(payment, 5000);
    await settled(payment);
    const released = await gateway.app.get(RestAgreement).release(agreement, 'ops', 'the payer called us');
    expect(released.state).toBe('active');
    expect((await pay()).state).toBe('completed');
    await expect(gateway.app.get(RestAgreement).release(agreement, 'ops', 'again')).rejects.toThrow();
  });

  test('a part, and later the rest: one state, two rows, never more than was paid', async () => {
    const payment = await pay();
    await takenBack(payment, 2000, {}, `${payment.number}_1`);
    await settled(payment);
    expect(await read(payment)).toMatchObject({ state: 'returned', amount_refunded: 2000 });
    await takenBack(payment, 3000, {}, `${payment.number}_2`);
    await until(async () => (await returnsOf(payment)).filter((row) => row.state === 'settled').length === 2);
    await takenBack(payment, 1, {}, `${payment.number}_3`);
    await settled(payment, 'refused');
    expect((await returnsOf(payment)).map((row) => [row.state, row.code])).toEqual([
      ['settled', null],
      ['settled', null],
      ['refused', 'refund_exceeds_paid'],
    ]);
    expect(balance()).toBe(1210n);
  });

  test('after a partial refund only the rest can be taken back', async () => {
    const payment = await pay();
    const refund = { payment: payment.id, amount: 2000, reason: 'payer_request' };
    await gateway.call('POST', '/v1/refunds', refund, { key: `f${++serial}` });
    await takenBack(payment, 3000);
    await settled(payment);
    expect(await read(payment)).toMatchObject({ state: 'returned', amount_refunded: 5000 });
    expect(balance()).toBe(1210n);
  });

  test('billing does not answer: it stays open and is asked again under the same key', async () => {
    const payment = await pay();
    gateway.billing.state.reverseFault = 'unknown';
    await takenBack(payment, 5000);
    await settled(payment, 'taking');
    expect((await read(payment)).state).toBe('returned');
    expect(balance()).toBe(6210n);
    gateway.billing.state.reverseFault = null;
    await db().run('UPDATE provider_return SET due_at = NOW(3) - INTERVAL 1 SECOND WHERE payment_no = ?', [
      payment.number,
    ]);
    await gateway.app.get(ReturnsJob).sweep();
    await settled(payment);
    expect(balance()).toBe(1210n);
    expect(gateway.billing.state.reversals.size).toBeGreaterThan(0);
  });

  test('billing refuses: the row says so, the payment stays returned, people look', async () => {
    const payment = await pay();
    gateway.billing.state.reverseFault = 'rejected';
    await takenBack(payment, 5000);
    await settled(payment, 'refused');
    expect((await read(payment)).state).toBe('returned');
  });

  test('while the credit is unknown it waits; once the credit is known it follows', async () => {
    gateway.billing.state.faults.set('420000', 'maintenance');
    const payment = await pay();
    expect(payment.state).toBe('paid');
    await takenBack(payment, 5000);
    await settled(payment, 'open');
    expect((await read(payment)).state).toBe('paid');
    gateway.billing.state.faults.clear();
    await gateway.app.get(ResolvePayment).execute(resolution(payment, 'credit'));
    const [row] = await returnsOf(payment);
    if (!row) throw new Error('no row of the return');
    await db().run('UPDATE provider_return SET due_at = NOW(3) - INTERVAL 1 SECOND WHERE payment_no = ?', [
      payment.number,
    ]);
    await gateway.app.get(ReturnsJob).sweep();
    await settled(payment);
    expect((await read(payment)).state).toBe('returned');
    expect(balance()).toBe(1210n);
  });

  /** A dispute repeats no number of ours: the payment is known by the provider's own name of it. */
  const disputed = async (origTxnId: string, event: string) => {
    const { callbacks } = gateway.app.get(Providers).get('bank_a').connector;
    jest.restoreAllMocks();
    const told = callbacks.read.bind(callbacks);
    jest.spyOn(callbacks, 'read').mockImplementation((body) => {
      const read = told(body);
      return read?.type === 'return' && read.eventId === event ? { ...read, orderNo: '', origTxnId } : read;
    });
    await gateway.callback(
      'debit.returned',
      { ...success({ attempt_no: 'D1', amount: 5000 }), reason: 'fraudulent' },
      event,
    );
    await until(async () => {
      const open = await db().select("SELECT 1 FROM provider_callback WHERE state = 'new'");
      return open.length === 0;
    });
  };

  test('a dispute that names the payment as the provider does finds it; one of another name finds none', async () => {
    const payment = await pay();
    const [attempt] = await db().select<{ provider_txn_id: string }>(
      'SELECT provider_txn_id FROM attempt WHERE payment_no = ?',
      [payment.number],
    );
    await disputed(`${attempt?.provider_txn_id}x`, `${payment.number}_other`);
    expect(await returnsOf(payment)).toEqual([]);
    await disputed(attempt?.provider_txn_id ?? '', `${payment.number}_dispute`);
    await settled(payment);
    expect(await read(payment)).toMatchObject({ state: 'returned', amount_refunded: 5000 });
    expect(balance()).toBe(1210n);
    jest.restoreAllMocks();
  });

  test('a name that two attempts bear names neither', async () => {
    const [one, two] = [await pay(), await pay()];
    await db().run("UPDATE attempt SET provider_txn_id = 'T-twice' WHERE payment_no IN (?, ?)", [
      one.number,
      two.number,
    ]);
    await disputed('T-twice', `${one.number}_twice`);
    expect([...(await returnsOf(one)), ...(await returnsOf(two))]).toEqual([]);
    jest.restoreAllMocks();
  });

  test('a return of more than was paid, or of no payment of ours, moves nothing', async () => {
    const payment = await pay();
    await takenBack(payment, 5001);
    await takenBack({ ...payment, number: '26112200000000000000' }, 5000);
    await until(async () => {
      const open = await db().select("SELECT 1 FROM provider_callback WHERE state = 'new'");
      return open.length === 0;
    });
    expect(await returnsOf(payment)).toEqual([]);
    expect((await read(payment)).state).toBe('completed');
  });

  const resolution = (payment: Payment, action: 'credit' | 'reverse_credit', key = `res${++serial}-0`) => ({
    key,
    paymentNo: payment.number,
    action,
    providerTxnId: 'T-line',
    businessDate: '2026-11-22',
    amount: '5000',
    evidence: 'break 7, row R5',
    actor: 'clerk.a',
  });

  test('by resolution: no fact of ours, billing knows it by the resolution, asked twice it is done once', async () => {
    const payment = await pay();
    const wanted = resolution(payment, 'reverse_credit');
    const first = await gateway.app.get(ResolvePayment).execute(wanted);
    expect(first).toMatchObject({ outcome: 'done', paymentState: 'returned' });
    expect(await gateway.app.get(ResolvePayment).execute(wanted)).toEqual(first);
    expect(gateway.billing.state.reversals.get(wanted.key.replace('-0', ''))?.amount).toBe(5000n);
    expect(balance()).toBe(1210n);
    expect(
      await db().select("SELECT 1 FROM fact WHERE payment_no = ? AND kind = 'returned'", [payment.number]),
    ).toEqual([]);
    const [row] = await returnsOf(payment);
    expect(row?.state).toBe('settled');
  });
});
