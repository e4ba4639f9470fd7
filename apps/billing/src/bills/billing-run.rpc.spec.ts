import { billingFixture, HUBEI, type BillingFixture } from '../testing/billing-fixture';
import { SettleWaitingJob } from './settle-waiting.job';

const limits = { min: '1000', max: '50000', step: '100' };

describe('a branch makes its bills', () => {
  let billing: BillingFixture;
  let serial = 0;
  beforeAll(async () => (billing = await billingFixture()));
  afterAll(() => billing.close());

  const run = (credits: 'balance' | 'queue' | 'refuse') =>
    billing.policy(HUBEI, { limits, billingRun: { fromDay: 1, toDay: 31, credits } });
  const over = () => billing.policy(HUBEI, { limits });
  const postpaid = async () => {
    const msisdn = `1390006${String(++serial).padStart(4, '0')}`;
    return { msisdn, subscriberId: await billing.register({ msisdn, plan: 'postpaid' }) };
  };
  const issue = (subscriberId: string, amount: string) =>
    billing.client.call('bills.issue', {
      items: [
        {
          ...{ key: `B-${subscriberId}`, subscriberId, branch: HUBEI, period: '2026-10', amount },
          ...{ currency: 'CNY', dueOn: '2026-11-15', actor: 'bss' },
        },
      ],
    });
  const found = async (msisdn: string) =>
    (await billing.client.call('numbers.lookup', { items: [{ msisdn }] })).items[0]?.found;
  const bills = (subscriberId: string) => billing.client.call('bills.list', { subscriberId });

  test('what is owed is not known, credits are balance, and all is put together when the run is over', async () => {
    const one = await postpaid();
    await run('balance');
    await issue(one.subscriberId, '8000');
    const item = billing.topup({ subscriberId: one.subscriberId, face: '5000' });
    expect((await billing.post(item))[0]).toMatchObject({ outcome: 'credited', balanceAfter: '-3000' });
    expect(await found(one.msisdn)).toMatchObject({ balance: '-3000', amountDue: null, maintenance: false });
    expect(await bills(one.subscriberId)).toMatchObject({ bills: [{ open: '8000', allocations: [] }], free: '5000' });
    await billing.part(SettleWaitingJob).settle();
    expect(await bills(one.subscriberId)).toMatchObject({ free: '5000' });
    await over();
    await billing.part(SettleWaitingJob).settle();
    await billing.part(SettleWaitingJob).settle();
    expect(await found(one.msisdn)).toMatchObject({ balance: '-3000', amountDue: '3000' });
    expect(await bills(one.subscriberId)).toMatchObject({
      bills: [{ open: '3000', allocations: [{ paymentNo: item.key, amount: '5000' }] }],
      free: '0',
    });
  });

  test('a refund during the run takes what waits, not what is owed', async () => {
    const one = await postpaid();
    await run('balance');
    await issue(one.subscriberId, '8000');
    const item = billing.topup({ subscriberId: one.subscriberId, face: '5000' });
    await billing.post(item);
    const refund = { key: 'r-run', paymentNo: item.key, kind: 'refund' as const, amount: '5000' };
    const { items } = await billing.client.call('holds.place', { items: [{ ...refund, currency: 'CNY' }] });
    expect(items[0]).toMatchObject({ outcome: 'held', balanceAfter: '-8000' });
    await over();
    await billing.part(SettleWaitingJob).settle();
    expect(await found(one.msisdn)).toMatchObject({ amountDue: '8000' });
  });

  test('a branch may let credits wait, or refuse them; numbers that pay in advance are not touched', async () => {
    const [one, prepaid] = [await postpaid(), await billing.register({ msisdn: '13900069999' })];
    await run('queue');
    expect(await found(one.msisdn)).toMatchObject({ maintenance: true });
    const [queued, refused] = [
      billing.topup({ subscriberId: one.subscriberId }),
      billing.topup({ subscriberId: one.subscriberId }),
    ];
    expect((await billing.post(queued))[0]).toMatchObject({ outcome: 'maintenance' });
    expect((await billing.post(billing.topup({ subscriberId: prepaid })))[0]).toMatchObject({ outcome: 'credited' });
    await run('refuse');
    expect((await billing.post(refused))[0]).toMatchObject({ outcome: 'rejected', reason: 'billing_run' });
    await over();
    expect((await billing.post(queued, refused)).map(({ outcome }) => outcome)).toEqual(['credited', 'rejected']);
  });
});
