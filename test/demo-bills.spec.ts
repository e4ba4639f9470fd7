import { billingFixture, type BillingFixture } from '../apps/billing/src/testing/billing-fixture';
import { silentScreen } from '../tools/platform/progress';
import { seedSubscribers } from '../tools/platform/seed-subscribers';

const TWO_BILLS = '13800000004';

describe('the demo’s postpaid number', () => {
  let billing: BillingFixture;
  beforeAll(async () => (billing = await billingFixture()));
  afterAll(() => billing.close());

  const seed = () =>
    seedSubscribers({ host: '127.0.0.1', port: billing.running().rpcPort }, 'seed', silentScreen.step('seed'), {
      payers: 1,
      walkInsPerBranch: 0,
    });
  const found = async () =>
    (await billing.client.call('numbers.lookup', { items: [{ msisdn: TWO_BILLS }] })).items[0]?.found;

  test('owes two bills, however often it is seeded; a payment settles the older first', async () => {
    await seed();
    await seed();
    const number = await found();
    expect(number).toMatchObject({ plan: 'postpaid', balance: '-8000', amountDue: '8000' });
    const subscriberId = number?.subscriberId ?? '';
    await billing.post(billing.topup({ subscriberId, branch: '440000', face: '6000' }));
    const { bills } = await billing.client.call('bills.list', { subscriberId });
    expect(bills.map(({ amount, open }) => [amount, open])).toEqual([
      ['3000', '2000'],
      ['5000', '0'],
    ]);
    await seed();
    expect(await found()).toMatchObject({ balance: '-2000', amountDue: '2000' });
  });
});
