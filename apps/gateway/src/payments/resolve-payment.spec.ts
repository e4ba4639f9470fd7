import { PlayedGateway, until } from '../testing/played-gateway';
import { ResolvePayment, type ResolveItem } from './resolve-payment';
import { Timeline } from './timeline';

const ZHANG = '13800001234';
let serial = 0;

interface Payment {
  id: string;
  number: string;
  state: string;
}

describe('resolutions of reconciliation', () => {
  let gateway: PlayedGateway;
  let agreement: string;
  beforeAll(async () => {
    gateway = await PlayedGateway.start();
    gateway.billing.state.addNumber(ZHANG);
    agreement = await gateway.agreement(ZHANG);
  });
  afterAll(() => gateway.close());
  beforeEach(() => {
    gateway.bank.play('succeed');
    gateway.billing.state.faults.clear();
    gateway.billing.state.addNumber(ZHANG);
  });

  async function pay(): Promise<Payment> {
    const reference = `Z${++serial}`;
    const body = { reference, number: ZHANG, amount: 5000, currency: 'CNY', funding: { type: 'agreement', agreement } };
    return (await gateway.call<Payment>('POST', '/v1/payments', body, { key: reference })).body;
  }
  const read = async ({ id }: Payment) => (await gateway.call<Payment>('GET', `/v1/payments/${id}`)).body;
  const resolve = (payment: Payment, action: ResolveItem['action'], over: Partial<ResolveItem> = {}) =>
    gateway.app.get(ResolvePayment).execute({
      key: `res-${++serial}`,
      paymentNo: payment.number,
      action,
      providerTxnId: 'T-statement',
      businessDate: '2026-11-22',
      amount: '5000',
      evidence: 'sha256:abc line 17',
      actor: 'rule:late_success',
      ...over,
    });

  test('confirm_paid: the statement ends an unknown; it is credited once, however often it is told', async () => {
    gateway.bank.play('silent');
    const payment = await pay();
    expect(payment.state).toBe('unknown');
    gateway.bank.play('succeed');
    const first = await resolve(payment, 'confirm_paid', { key: 'same' });
    expect(first).toEqual({ key: 'same', outcome: 'done', paymentState: 'completed', creditState: 'credited' });
    expect(await resolve(payment, 'confirm_paid', { key: 'same' })).toEqual(first);
    expect(gateway.billing.state.balance(`s${ZHANG}`)).toBe(6210n);
    const [row] = await gateway.database.db.select('SELECT actor, evidence FROM resolution WHERE k = ?', ['same']);
    expect(row).toEqual({ actor: 'rule:late_success', evidence: 'sha256:abc line 17' });
  });

  test('the same key for something else is refused', async () => {
    gateway.bank.play('silent');
    const payment = await pay();
    await resolve(payment, 'requery', { key: 'reused' });
    expect(await resolve(payment, 'confirm_declined', { key: 'reused' })).toMatchObject({
      outcome: 'refused',
      reason: 'idempotency_key_reused',
    });
  });

  test('another sum than ours is never confirmed', async () => {
    gateway.bank.play('silent');
    const payment = await pay();
    expect(await resolve(payment, 'confirm_paid', { amount: '5001' })).toMatchObject({
      outcome: 'refused',
      reason: 'amount_mismatch',
    });
    expect((await read(payment)).state).toBe('unknown');
  });

  test('confirm_declined ends an unknown that nobody knows; it cannot take back money', async () => {
    gateway.bank.play('silent');
    const payment = await pay();
    expect(await resolve(payment, 'confirm_declined')).toMatchObject({ outcome: 'done', paymentState: 'closed' });
    gateway.bank.play('succeed');
    const paid = await pay();
    expect(await resolve(paid, 'confirm_declined')).toMatchObject({ outcome: 'refused', paymentState: 'completed' });
  });

  test('uncredited: credit while billing is away is working, and done when it is back', async () => {
    gateway.billing.state.faults.set('420000', 'maintenance');
    const payment = await pay();
    expect(await resolve(payment, 'credit', { key: 'credit' })).toMatchObject({
      outcome: 'working',
      paymentState: 'paid',
    });
    gateway.billing.state.faults.clear();
    expect(await resolve(payment, 'credit', { key: 'credit' })).toMatchObject({
      outcome: 'done',
      creditState: 'credited',
    });
  });

  test('refund_payer gives the credit up for ever before the money goes back', async () => {
    gateway.billing.state.faults.set('420000', 'maintenance');
    const payment = await pay();
    expect(await resolve(payment, 'refund_payer')).toMatchObject({
      outcome: 'done',
      paymentState: 'refunded',
      creditState: 'voided',
    });
    gateway.billing.state.faults.clear();
    expect(gateway.billing.state.credits.get(payment.number)?.outcome).toBe('voided');
    expect(gateway.billing.state.balance(`s${ZHANG}`)).toBe(1210n);
  });

  test('refund_payer of a credited payment holds the value first', async () => {
    const payment = await pay();
    expect(await resolve(payment, 'refund_payer')).toMatchObject({ outcome: 'done', paymentState: 'refunded' });
    expect(gateway.billing.state.holds.get(`${payment.number}R01`)?.answer.outcome).toBe('posted');
    expect(gateway.billing.state.balance(`s${ZHANG}`)).toBe(1210n);
  });

  test('one line of time: payment, credit and texts of a number, oldest first, masked', async () => {
    const payment = await pay();
    await until(async () =>
      (await entriesOf(payment)).some((entry) => entry.source === 'message' && entry.state === 'sent'),
    );
    const entries = await entriesOf(payment);
    expect(entries.filter((entry) => entry.source !== 'message').map((entry) => [entry.source, entry.state])).toEqual([
      ['payment', 'submitted'],
      ['payment', 'paid'],
      ['credit', 'requested'],
      ['credit', 'credited'],
      ['payment', 'completed'],
    ]);
    expect(entries.map((entry) => entry.at)).toEqual(entries.map((entry) => entry.at).sort());
    expect(JSON.stringify(entries)).not.toContain(ZHANG);
  });

  async function entriesOf(payment: Payment) {
    const { entries } = await gateway.app.get(Timeline).execute(ZHANG, null);
    return entries.filter((entry) => entry.payment === payment.id);
  }
});
