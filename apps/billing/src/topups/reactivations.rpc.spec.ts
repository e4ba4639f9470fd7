import { billingFixture, HUBEI, type BillingFixture } from '../testing/billing-fixture';
import { Reactivations } from './reactivations';

describe('arrears that end', () => {
  let billing: BillingFixture;
  let serial = 0;
  beforeAll(async () => (billing = await billingFixture()));
  afterAll(() => billing.close());

  const suspended = async (suspendReason: 'arrears' | 'loss', balance: string) => {
    const msisdn = `1390007${String(++serial).padStart(4, '0')}`;
    const subscriberId = await billing.register({ msisdn, status: 'suspended', suspendReason, balance });
    return { msisdn, subscriberId };
  };
  const status = async (msisdn: string) =>
    (await billing.client.call('numbers.lookup', { items: [{ msisdn }] })).items[0]?.found?.status;
  const resumed = async (subscriberId: string) => {
    const { events } = await billing.client.call('subscriber_events.pull', { after: '0', limit: 500 });
    return events.filter((event) => event.subscriberId === subscriberId && event.kind === 'resumed');
  };
  const becomes = async (msisdn: string, wanted: string) => {
    for (let tries = 0; (await status(msisdn)) !== wanted && tries < 100; tries++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    return status(msisdn);
  };

  test('paid in parts: back in service with the last one, and told once', async () => {
    const { msisdn, subscriberId } = await suspended('arrears', '-8000');
    expect((await billing.post(billing.topup({ subscriberId })))[0]).toMatchObject({ balanceAfter: '-3000' });
    expect(await status(msisdn)).toBe('suspended');
    const last = billing.topup({ subscriberId, face: '3000' });
    expect((await billing.post(last))[0]).toMatchObject({ outcome: 'credited', balanceAfter: '0' });
    expect(await becomes(msisdn, 'active')).toBe('active');
    await billing.post(last, billing.topup({ subscriberId }));
    await billing.part(Reactivations).sweep();
    expect(await resumed(subscriberId)).toMatchObject([{ status: 'active', source: 'payment' }]);
  });

  test('many payments at once: one event', async () => {
    const { msisdn, subscriberId } = await suspended('arrears', '-8000');
    await Promise.all(Array.from({ length: 20 }, () => billing.post(billing.topup({ subscriberId }))));
    expect(await becomes(msisdn, 'active')).toBe('active');
    await Promise.all([billing.part(Reactivations).sweep(), billing.part(Reactivations).sweep()]);
    expect(await resumed(subscriberId)).toHaveLength(1);
  });

  test('suspended again for arrears: told again when they are paid again', async () => {
    const { msisdn, subscriberId } = await suspended('arrears', '-1000');
    await billing.post(billing.topup({ subscriberId, face: '1000' }));
    await becomes(msisdn, 'active');
    const change = { msisdn, source: `bss:${HUBEI}`, at: new Date().toISOString() };
    await billing.client.call('subscribers.change', {
      ...{ ...change, key: 'again', kind: 'suspended', suspendReason: 'arrears' },
    });
    expect(await status(msisdn)).toBe('suspended');
    await billing.post(billing.topup({ subscriberId }));
    expect(await becomes(msisdn, 'active')).toBe('active');
    expect(await resumed(subscriberId)).toHaveLength(2);
  });

  test('what no payment could tell is found by the sweep; a loss is ended by nobody’s money', async () => {
    const quiet = await suspended('arrears', '500');
    const lost = await suspended('loss', '500');
    expect((await billing.post(billing.topup({ subscriberId: lost.subscriberId })))[0]).toMatchObject({
      outcome: 'rejected',
      reason: 'number_suspended',
    });
    await billing.part(Reactivations).sweep();
    expect(await status(quiet.msisdn)).toBe('active');
    expect(await status(lost.msisdn)).toBe('suspended');
    expect(await resumed(quiet.subscriberId)).toHaveLength(1);
  });
});
