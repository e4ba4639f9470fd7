import { billingFixture, HUBEI, HUNAN, type BillingFixture } from '../testing/billing-fixture';

const limits = { min: '1000', max: '50000', step: '100' };
const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

describe('policies of branches, over RPC', () => {
  let billing: BillingFixture;
  beforeAll(async () => (billing = await billingFixture()));
  afterAll(() => billing.close());

  const propose = async (branch: string, max: string, validFrom = inDays(-1), actor = 'clerk.a') =>
    billing.client.call('policies.propose', {
      ...{ branch, validFrom, policy: { limits: { ...limits, max } }, reason: 'summer', actor },
    });
  const decide = (branch: string, version: number, actor = 'clerk.b', decision: 'approve' | 'reject' = 'approve') =>
    billing.client.call('policies.decide', { branch, version, decision, reason: 'agreed', actor });
  const inForce = (branch: string, at?: string) =>
    billing.client.call('policies.in_force', { branch, ...(at === undefined ? {} : { at }) });
  const found = async (msisdn: string) =>
    (await billing.client.call('numbers.lookup', { items: [{ msisdn }] })).items[0]?.found;

  test('until a branch decides, what the installation began with counts', async () => {
    expect(await inForce(HUBEI)).toMatchObject({ version: 0, policy: { limits }, maintenance: false });
    expect(await inForce('999999')).toBeNull();
    expect(await propose('999999', '60000')).toEqual({ outcome: 'not_found' });
  });

  test('proposed by one, approved by another, in force at once; nobody approves his own or decides twice', async () => {
    const proposed = await propose(HUBEI, '60000');
    expect(proposed).toMatchObject({ outcome: 'ok', policy: { version: 1, state: 'proposed', inForceFrom: null } });
    expect(await inForce(HUBEI)).toMatchObject({ version: 0 });
    expect(await decide(HUBEI, 1, 'clerk.a')).toMatchObject({ outcome: 'own_proposal' });
    expect(await decide(HUBEI, 1)).toMatchObject({
      outcome: 'ok',
      policy: { state: 'approved', decidedBy: 'clerk.b' },
    });
    expect(await decide(HUBEI, 1, 'clerk.c', 'reject')).toMatchObject({ outcome: 'state_conflict' });
    expect(await decide(HUBEI, 9)).toMatchObject({ outcome: 'not_found' });
    expect(await inForce(HUBEI)).toMatchObject({ version: 1, policy: { limits: { max: '60000' } } });
    await billing.register({ msisdn: '13900030001' });
    expect((await found('13900030001'))?.accepts).toEqual({ min: '1000', max: '60000', step: '100' });
  });

  test('never backwards from its approval, and on its day: the latest that has begun counts', async () => {
    await propose(HUNAN, '10000', inDays(-30));
    await decide(HUNAN, 1);
    expect(await inForce(HUNAN, inDays(-2))).toMatchObject({ version: 0 });
    await propose(HUNAN, '20000', inDays(10));
    await decide(HUNAN, 2);
    await propose(HUNAN, '30000', inDays(5));
    await decide(HUNAN, 3, 'clerk.b', 'reject');
    await propose(HUNAN, '40000', inDays(5));
    const versions = [0, 6, 11].map(async (days) => (await inForce(HUNAN, inDays(days + 0.01)))?.version);
    expect(await Promise.all(versions)).toEqual([1, 1, 2]);
    await decide(HUNAN, 4);
    expect((await inForce(HUNAN, inDays(6)))?.version).toBe(4);
    expect((await inForce(HUNAN, inDays(11)))?.version).toBe(2);
  });

  test('what was decided stands in the list and in the audit', async () => {
    const { policies } = await billing.client.call('policies.list', { branch: HUNAN });
    expect(policies.map(({ version, state }) => [version, state])).toEqual([
      [4, 'approved'],
      [3, 'rejected'],
      [2, 'approved'],
      [1, 'approved'],
    ]);
    const waiting = await billing.client.call('policies.list', { state: 'proposed' });
    expect(waiting.policies).toEqual([]);
    const rows = await billing.database.db.select(
      'SELECT actor, action FROM audit WHERE object = ? ORDER BY batch_no, n',
      [`branch/${HUNAN}/policy/3`],
    );
    expect(rows).toEqual([
      { actor: 'clerk.a', action: 'policy.propose' },
      { actor: 'clerk.b', action: 'policy.reject' },
    ]);
  });

  test('12 proposals at once take 12 numbers', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, n) => propose('510000', String(20_000 + n * 100))));
    const { policies } = await billing.client.call('policies.list', { branch: '510000', limit: 50 });
    expect(policies.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, n) => n + 1),
    );
  });

  test('another process learns of it within moments', async () => {
    const other = await billing.sibling();
    await billing.policy('440000', { limits: { ...limits, max: '77700' } });
    let max: string | undefined;
    for (let tries = 0; max !== '77700' && tries < 60; tries++) {
      max = (await other.call('policies.in_force', { branch: '440000' }))?.policy.limits.max;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(max).toBe('77700');
  });

  test('a top-up is judged by the policy in force', async () => {
    const subscriberId = await billing.register({ msisdn: '13900030002' });
    await billing.policy(HUBEI, { limits: { min: '5000', max: '6000', step: '500' } });
    const answers = await billing.post(
      ...['4500', '5500', '5600', '6500'].map((face) => billing.topup({ subscriberId, face })),
    );
    expect(answers.map(({ outcome, reason }) => reason ?? outcome)).toEqual([
      'amount_below_minimum',
      'credited',
      'amount_step',
      'amount_above_maximum',
    ]);
  });

  test('a planned window: the number says so, credits wait, and come when it is over', async () => {
    const msisdn = '13900030003';
    const subscriberId = await billing.register({ msisdn });
    const window = { from: inDays(-0.1), until: inDays(0.1), note: 'new system' };
    await billing.policy(HUBEI, { limits, maintenance: [window] });
    expect(await inForce(HUBEI)).toMatchObject({ maintenance: true });
    expect((await found(msisdn))?.maintenance).toBe(true);
    const item = billing.topup({ subscriberId });
    expect((await billing.post(item))[0]).toMatchObject({ outcome: 'maintenance' });
    await billing.policy(HUBEI, { limits, maintenance: [{ ...window, until: inDays(-0.05) }] });
    expect((await billing.post(item))[0]).toMatchObject({ outcome: 'credited', replay: false });
    expect((await found(msisdn))?.maintenance).toBe(false);
  });

  test('what a branch sells is told with the number', async () => {
    await billing.register({ msisdn: '13900030004' });
    expect(await found('13900030004')).not.toHaveProperty('offers');
    await billing.policy(HUBEI, {
      limits,
      promotions: [{ name: '充100送10', atLeast: '10000', bonus: '1000', bearer: 'hq' }],
      discounts: [{ name: '百元98折', face: '10000', amount: '200', bearer: 'home' }],
    });
    expect((await found('13900030004'))?.offers).toEqual([
      { face: '10000', charged: '9800', discounts: [{ bearer: 'home', amount: '200' }], bonus: '1000' },
    ]);
  });

  test('a policy that contradicts itself is no proposal', async () => {
    await expect(propose(HUBEI, '1')).rejects.toThrow(/policy.limits/);
  });
});
