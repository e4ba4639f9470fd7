import { billingFixture, HUBEI, HUNAN, type BillingFixture } from '../testing/billing-fixture';

describe('invoices of payments, over RPC', () => {
  let billing: BillingFixture;
  let paymentNo: string;
  let serial = 0;
  beforeAll(async () => (billing = await billingFixture()));
  afterAll(() => billing.close());
  beforeEach(async () => {
    const subscriberId = await billing.register({ msisdn: `1390004${String(++serial).padStart(4, '0')}` });
    const item = billing.topup({ subscriberId });
    await billing.post(item);
    paymentNo = item.key;
  });

  const invoice = async (key: string, action: 'mark' | 'red_flush' = 'mark', branch?: string, of = paymentNo) =>
    (
      await billing.client.call('invoices.mark', {
        items: [{ key, paymentNo: of, action, actor: 'clerk.a', ...(branch === undefined ? {} : { branch }) }],
      })
    ).items[0];
  const hold = async (key: string, amount = '5000', kind: 'refund' | 'reversal' = 'refund') =>
    (await billing.client.call('holds.place', { items: [{ key, paymentNo, kind, amount, currency: 'CNY' }] })).items[0];

  test('invoiced: neither refunded nor reversed until it is red-flushed, and what was refused stays refused', async () => {
    expect(await invoice('25117000000001')).toMatchObject({ outcome: 'posted', replay: false });
    expect(await invoice('25117000000001')).toMatchObject({ outcome: 'posted', replay: true });
    expect(await invoice('25117000000002')).toMatchObject({ outcome: 'rejected', reason: 'state_conflict' });
    expect(await hold('r1')).toMatchObject({ outcome: 'rejected', reason: 'invoice_issued' });
    expect(await hold('v1', '5000', 'reversal')).toMatchObject({ outcome: 'rejected', reason: 'invoice_issued' });
    expect(await invoice('25117000000003', 'red_flush')).toMatchObject({ outcome: 'posted' });
    expect(await invoice('25117000000004', 'red_flush')).toMatchObject({ outcome: 'rejected' });
    expect(await hold('r1')).toMatchObject({ outcome: 'rejected', reason: 'invoice_issued', replay: true });
    expect(await hold('r2')).toMatchObject({ outcome: 'held' });
    expect(await invoice('25117000000005')).toMatchObject({ outcome: 'rejected', reason: 'state_conflict' });
  });

  test('what approved resolutions take back is not stopped by it: the money is gone', async () => {
    await invoice('25117000000010');
    const item = { key: 'res-i', paymentNo, amount: '5000', currency: 'CNY' as const, reason: 'returned', actor: 'b' };
    expect((await billing.client.call('credits.reverse', { items: [item] })).items[0]).toMatchObject({
      outcome: 'posted',
    });
  });

  test('only of a credited payment, and only of the own branch', async () => {
    expect(await invoice('25117000000020', 'mark', HUNAN)).toMatchObject({ reason: 'not_found' });
    expect(await invoice('25117000000020', 'mark', undefined, '26112299999999999999')).toMatchObject({
      reason: 'not_found',
    });
    expect(await invoice('25117000000020', 'mark', HUBEI)).toMatchObject({ outcome: 'posted' });
  });

  test('marks and refunds at once, at two processes: never both', async () => {
    const other = await billing.sibling();
    for (let round = 0; round < 6; round++) {
      const subscriberId = await billing.register({ msisdn: `1390005${String(round).padStart(4, '0')}` });
      const item = billing.topup({ subscriberId });
      await billing.post(item);
      const mark = { key: `INV-${round}`, paymentNo: item.key, action: 'mark' as const, actor: 'clerk.a' };
      const refund = {
        ...{ key: `R-${round}`, paymentNo: item.key, kind: 'refund' as const, amount: '5000' },
        currency: 'CNY' as const,
      };
      const [marked, held] = await Promise.all([
        other.call('invoices.mark', { items: [mark] }),
        billing.client.call('holds.place', { items: [refund] }),
      ]);
      const outcomes = [marked.items[0]?.outcome, held.items[0]?.outcome];
      expect([
        ['posted', 'rejected'],
        ['rejected', 'held'],
      ]).toContainEqual(outcomes);
    }
    expect(await billing.client.call('ledger.verify', {})).toMatchObject({ ok: true });
  });
});
