import { DAY, matchedItem } from '../testing/lines';
import { settlementFixture, type SettlementFixture } from '../testing/settlement-fixture';

const HALF = { id: 'bank_a-2027', provider: 'bank_a', validFrom: '2027-01-01', ppm: 3000, min: 1 };

describe('terms by two people', () => {
  let fixture: SettlementFixture;
  beforeAll(async () => {
    fixture = await settlementFixture();
    await fixture.settle('r1', [matchedItem('a'), matchedItem('b', { amount: '10000', fee: '60' })]);
  });
  afterAll(() => fixture.close());

  const propose = (schedule: Record<string, unknown>, actor = 'maker') =>
    fixture.client.call('fees.propose', { schedule, actor, reason: 'new contract' });
  const decide = (actor: string, decision: 'approve' | 'reject' = 'approve', id = HALF.id) =>
    fixture.client.call('fees.decide', { id, decision, actor });

  test('proposed, simulated, approved by another; only then does it price', async () => {
    expect(await propose(HALF)).toMatchObject({ state: 'draft', proposedBy: 'maker', simulated: '' });
    await expect(decide('checker')).rejects.toThrow(/simulated/);
    const month = DAY.slice(0, 7);
    const shown = await fixture.client.call('fees.simulate', { id: HALF.id, from: month, to: month, actor: 'checker' });
    expect(shown).toMatchObject({ payments: 2, charged: '90', wouldBe: '45', difference: '-45' });
    expect(shown.branches).toEqual([
      { branch: '420000', payments: 2, charged: '90', wouldBe: '45', difference: '-45' },
    ]);
    await expect(decide('maker')).rejects.toThrow();
    const quote = () =>
      fixture.client.call('fees.quote', {
        items: [{ provider: 'bank_a', date: '2027-01-02', amount: '5000', channel: 'sms' }],
      });
    expect((await quote()).items[0]?.fee).toBe('30');
    expect(await decide('checker')).toMatchObject({ state: 'active', decidedBy: 'checker', simulated: shown.digest });
    expect((await quote()).items[0]).toEqual({ fee: '15', scheduleId: HALF.id });
    expect(await decide('checker')).toMatchObject({ state: 'active' });
    await expect(decide('another', 'reject')).rejects.toThrow(/active/);
  });

  test.each([
    ['a minimum with day rounding', { ...HALF, id: 'x', roundPer: 'day' }, /rounded per day/],
    ['a member that nobody knows', { ...HALF, id: 'x', pmp: 1 }, /pmp/],
    ['other terms under the same id', { ...HALF, ppm: 2999 }, /other terms/],
  ])('%s is refused', (_, schedule, words) => expect(propose(schedule)).rejects.toThrow(words));

  test('a cascade likewise', async () => {
    const levels = [{ earner: 'partner', ppm: 3000 }, { earner: 'party', party: 'city', ppm: 5000 }]; // prettier-ignore
    const plan = { id: 'agents', channel: 'partner_api', validFrom: '2026-01-01', levels };
    await fixture.client.call('plans.propose', { plan, actor: 'maker', reason: 'agents' });
    await expect(
      fixture.client.call('plans.decide', { id: 'agents', decision: 'approve', actor: 'maker' }),
    ).rejects.toThrow();
    await fixture.client.call('plans.decide', { id: 'agents', decision: 'approve', actor: 'checker' });
    const given = { id: 'c', paymentNo: '26112200000000000009', channel: 'partner_api', partner: 'demo_shop' };
    await fixture.settle('r2', [matchedItem('c', given)], '2026-11-23');
    expect(await fixture.balances()).toMatchObject({ 'payable/demo_shop': '15', 'payable/city': '10' });
    await fixture.settle(
      'r3',
      [matchedItem('d', { ...given, id: 'd', kind: 'refund', amount: '-5000', fee: '0' })],
      '2026-11-24',
    );
    const balances = await fixture.balances();
    expect([balances['payable/demo_shop'], balances['payable/city']]).toEqual([undefined, undefined]);
    await fixture.assertInvariants();
  });
});
