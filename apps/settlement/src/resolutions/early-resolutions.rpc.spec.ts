import { matchedItem } from '../testing/lines';
import { settlementFixture, type SettlementFixture } from '../testing/settlement-fixture';

const late = matchedItem('late', { matched: false, class: 'late_success' });
const SETTLED = { 'clearing/bank_a': '-4970', 'due/420000': '4945', 'due/440000': '25' };

/** The night resolves before it settles: what comes early is carried out with its day. */
describe('resolutions before their day is settled', () => {
  let fixture: SettlementFixture;
  beforeEach(async () => void (fixture = await settlementFixture()));
  afterEach(() => fixture.close());

  test('credit: stored, then through suspense to its branch within the day’s batch', async () => {
    expect(await fixture.resolve({ key: 'k1', itemId: 'late' })).toBe('posted with_settlement');
    expect(await fixture.balances()).toEqual({});
    expect(await fixture.settle('run-1', [late])).toMatchObject({ principal: '5000', fees: '30', commissions: '25' });
    expect(await fixture.balances()).toEqual(SETTLED);
    expect(await fixture.resolve({ key: 'k1', itemId: 'late' })).toBe('posted replay');
    await fixture.assertInvariants();
  });

  test('an accepted fee, a short written off, an item that turns out matched', async () => {
    await fixture.resolve({ key: 'k1', itemId: 'dear', action: 'accept', amount: '1' });
    await fixture.resolve({ key: 'k2', itemId: 'short', action: 'write_off', amount: '-3000' });
    await fixture.resolve({ key: 'k3', itemId: 'fine', action: 'credit' });
    await fixture.settle('run-1', [
      matchedItem('dear', { fee: '31', acquiringBranch: '420000' }),
      matchedItem('fine', { acquiringBranch: '420000' }),
    ]);
    expect(await fixture.balances()).toEqual({ 'clearing/bank_a': '-9939', 'due/420000': '12939', 'hq/loss': '-3000' });
    await fixture.assertInvariants();
  });

  test('a return taken back, and a payment that waits for its refund line', async () => {
    await fixture.resolve({ key: 'k1', itemId: 'back', action: 'reverse_credit', amount: '-5000' });
    await fixture.resolve({ key: 'k2', itemId: 'late', action: 'refund_payer', paymentNo: '26112200000000000009' });
    const back = { kind: 'refund' as const, amount: '-5000', fee: '0' };
    await fixture.settle('run-1', [
      matchedItem('paid'),
      matchedItem('back', { ...back, matched: false, class: 'provider_return' }),
      matchedItem('late', { matched: false, class: 'credit_rejected', paymentNo: '26112200000000000009' }),
    ]);
    expect(await fixture.balances()).toEqual({
      'clearing/bank_a': '-4940',
      'due/420000': '-30',
      'suspense/bank_a': '4970',
    });
    await fixture.assertInvariants();
    const refund = matchedItem('r', { ...back, fee: '-30', paymentNo: '26112200000000000009' });
    await fixture.settle('run-2', [refund], '2026-11-23');
    expect(await fixture.balances()).toEqual({ 'clearing/bank_a': '30', 'due/420000': '-30' });
    await fixture.assertInvariants();
  });

  test('one that cannot be carried out is refused with its day, and the item goes on waiting', async () => {
    await fixture.resolve({ key: 'k1', itemId: 'late', amount: '1' });
    await fixture.settle('run-1', [late]);
    expect(await fixture.resolve({ key: 'k1', itemId: 'late', amount: '1' })).toBe('rejected amount_mismatch replay');
    expect(await fixture.balances()).toMatchObject({ 'suspense/bank_a': '4970' });
    await fixture.assertInvariants();
  });

  test('a re-run of the day takes its resolutions along, whenever they came', async () => {
    await fixture.settle('run-1', [late, matchedItem('other', { matched: false, class: 'platform_missing' })]);
    await fixture.resolve({ key: 'k1', itemId: 'late' });
    await fixture.assertInvariants();
    expect(fixture.world.settledOf('420000')).toBe(5000n);
    await fixture.settle('run-2', [late]);
    expect(await fixture.balances()).toEqual(SETTLED);
    await fixture.assertInvariants();
    expect(await fixture.resolve({ key: 'k1', itemId: 'late' })).toBe('posted replay');
    expect(fixture.world.settledOf('420000')).toBe(5000n);
  });

  test('the same key for something else is refused', async () => {
    await fixture.resolve({ key: 'k1', itemId: 'late' });
    expect(await fixture.resolve({ key: 'k1', itemId: 'other' })).toBe('rejected idempotency_key_reused');
  });

  test('two people at once, two keys: what waits leaves suspense once', async () => {
    await fixture.settle('run-1', [matchedItem('dear', { fee: '35' }), late]);
    const keys = Array.from({ length: 12 }, (_, i) => `k${i}`);
    const action = (i: number) => (['accept', 'correct_fee', 'write_off'] as const)[i % 3] ?? 'accept';
    await Promise.all(keys.map((key, i) => fixture.resolve({ key, itemId: 'dear', action: action(i), amount: '5' })));
    await Promise.all(keys.map((key) => fixture.resolve({ key: `c${key}`, itemId: 'late' })));
    await fixture.assertInvariants();
    expect(await fixture.balances()).not.toHaveProperty('suspense/bank_a');
    expect((await fixture.balances())['clearing/bank_a']).toBe('-9935');
  });
});
