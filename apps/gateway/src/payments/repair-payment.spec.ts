import { PersonNumbers } from '../notifications/person-number';
import { PlayedGateway } from '../testing/played-gateway';
import { ResolvePayment, type ResolveItem } from './resolve-payment';

const ZHANG = '13800001234';
const no = (n: number): string => `261122${String(n).padStart(14, '0')}`;

describe('what the gateway lost is written anew', () => {
  let gateway: PlayedGateway;
  let serial = 0;
  beforeAll(async () => {
    gateway = await PlayedGateway.start();
    gateway.billing.state.addNumber(ZHANG);
  });
  afterAll(() => gateway.close());
  beforeEach(() => gateway.bank.play('succeed'));

  const repair = (
    paymentNo: string,
    order: { attemptNo?: string; refundNo?: string } = {},
    over: Partial<ResolveItem> = {},
  ) =>
    gateway.app.get(ResolvePayment).execute({
      ...{ key: `res-${++serial}`, paymentNo, action: 'repair_gateway', provider: 'bank_a', providerTxnId: 'T-lost' },
      ...{ businessDate: '2026-11-22', amount: '5000', evidence: 'sha256:abc line 17', actor: 'clerk.b' },
      repair: {
        ...{ branch: '420000', acquiringBranch: '440000', channel: 'partner_api', partner: '', face: '5000' },
        ...{ subscriberId: '', attemptNo: order.attemptNo ?? '', refundNo: order.refundNo ?? '' },
      },
      ...over,
    });
  const credited = (paymentNo: string) =>
    gateway.billing.state.credit({
      ...{ key: paymentNo, subscriberId: `s${ZHANG}`, branch: '420000', face: '5000', charged: '5000' },
    } as Parameters<PlayedGateway['billing']['state']['credit']>[0]);
  const rows = (table: string, paymentNo: string) =>
    gateway.database.db.select(`SELECT * FROM ${table} WHERE payment_no = ?`, [paymentNo]);

  test('row 14, credited: the payment stands with its fact in the open book, dated as the statement says; once', async () => {
    credited(no(1));
    const first = await repair(no(1), { attemptNo: `${no(1)}02` }, { key: 'same' });
    expect(first).toEqual({ key: 'same', outcome: 'done', paymentState: 'completed', creditState: 'credited' });
    expect(await repair(no(1), { attemptNo: `${no(1)}02` }, { key: 'same' })).toEqual(first);
    expect(await rows('payment', no(1))).toMatchObject([
      { provider: 'bank_a', branch: '420000', amount: 5000n, provider_txn_id: 'T-lost', business_date: '2026-11-22' },
    ]);
    const [payment] = await rows('payment', no(1));
    expect(payment).toMatchObject({ msisdn_masked: '138****1234', subscriber_id: `s${ZHANG}`, owner_version: 1 });
    expect(gateway.app.get(PersonNumbers).open(String(payment?.['msisdn_sealed']))).toBe(ZHANG);
    expect(await rows('attempt', no(1))).toMatchObject([{ attempt_no: `${no(1)}02`, state: 'succeeded' }]);
    expect(await rows('fact', no(1))).toMatchObject([
      { kind: 'paid', ref_no: `${no(1)}02`, amount: 5000n, business_date: '2026-11-22' },
    ]);
    expect(await rows('payment_history', no(1))).toEqual(
      expect.arrayContaining([expect.objectContaining({ evidence: expect.stringContaining('sha256:abc line 17') })]),
    );
  });

  test('row 14, refused by billing: the payer gets the money back; nothing is said by billing: nothing is written', async () => {
    gateway.billing.state.credits.set(no(2), {
      ...{ key: no(2), outcome: 'rejected', reason: 'number_closed', replay: false },
    });
    expect(await repair(no(2))).toMatchObject({ outcome: 'done', paymentState: 'refunded', creditState: 'rejected' });
    expect(gateway.bank.received('/v1/refunds').at(-1)).toMatchObject({ amount: 5000 });
    expect(await repair(no(3))).toMatchObject({ outcome: 'working', reason: 'credit_unknown', paymentState: '' });
    expect(await rows('payment', no(3))).toEqual([]);
  });

  test('what we know after all is not written over, by another key or under another provider', async () => {
    expect(await repair(no(1))).toMatchObject({ outcome: 'refused', reason: 'state_conflict' });
    expect(await rows('fact', no(1))).toHaveLength(1);
    expect(await repair(no(4), {}, { provider: 'nobody' })).toMatchObject({ reason: 'provider_unknown' });
    expect(await repair(no(4), {}, { repair: undefined })).toMatchObject({ reason: 'field_invalid' });
  });

  test('row R6: the refund stands, its debit is not asked for again; more than was paid is refused', async () => {
    const refundNo = `${no(1)}R01`;
    const back = (amount: string, key: string) => repair(no(1), { refundNo }, { amount, key });
    expect(await back('5001', 'much')).toMatchObject({ outcome: 'refused', reason: 'state_conflict' });
    expect(await back('2000', 'part')).toMatchObject({ outcome: 'done', paymentState: 'partially_refunded' });
    expect(await back('2000', 'part')).toMatchObject({ outcome: 'done', paymentState: 'partially_refunded' });
    expect(await rows('refund', no(1))).toMatchObject([{ refund_no: refundNo, state: 'succeeded', hold: 'posted' }]);
    expect((await rows('fact', no(1))).slice(1)).toMatchObject([
      { kind: 'refunded', ref_no: refundNo, amount: 2000n, business_date: '2026-11-22' },
    ]);
    expect(gateway.billing.state.holds.has(refundNo)).toBe(false);
    expect(await repair(no(9), { refundNo: `${no(9)}R01` })).toMatchObject({ outcome: 'refused', reason: 'not_found' });
  });
});
