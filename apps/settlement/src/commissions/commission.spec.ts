import { plan } from '../testing/contracts';
import { commissionOf, commissionParts, earningFor, planFaults } from './commission';

const acquiring = plan({ id: 'acquiring' });
const partner = plan({ id: 'partner', channel: 'partner_api', earner: 'partner' });
const shop = plan({ id: 'shop', channel: 'partner_api', partner: 'demo_shop', earner: 'partner', ppm: 8000n });
const payment = { branch: '420000', acquiringBranch: '440000', channel: 'sms', partner: '' };

describe('who earns', () => {
  test.each([
    ['another branch brought it', {}, 'acquiring', 'due/440000'],
    ['the home branch brought it: nobody', { acquiringBranch: '420000' }, null, null],
    ['nobody is named', { acquiringBranch: '' }, null, null],
    ['a partner', { channel: 'partner_api', partner: 'demo_bank' }, 'partner', 'payable/demo_bank'],
    ['the special plan first', { channel: 'partner_api', partner: 'demo_shop' }, 'shop', 'payable/demo_shop'],
    ['partner door without a partner: the branch', { channel: 'partner_api' }, 'acquiring', 'due/440000'],
  ])('%s', (_, given, planId, account) => {
    const earning = earningFor([acquiring, partner, shop], { ...payment, ...given }, '2026-11-22');
    expect(earning?.plan.id ?? null).toBe(planId);
    expect(earning?.accounts[0] ?? null).toBe(account);
  });
  test('a plan that is over pays nobody', () =>
    expect(earningFor([plan({ validTo: '2026-11-21' })], payment, '2026-11-22')).toBeNull());
  test('0.5 % of 50.00 is 0.25', () => expect(commissionOf(acquiring, 5000n)).toBe(25n));
});

describe('a cascade', () => {
  const level = (party: string, ppm: bigint) => ({ earner: 'party' as const, party, ppm, tiers: [] });
  const shop = { earner: 'partner' as const, party: '', ppm: 3000n, tiers: [] };
  const cascade = plan({
    id: 'agents',
    channel: 'partner_api',
    levels: [shop, level('city', 4000n), level('prov', 5000n)],
  });
  const brought = { ...payment, channel: 'partner_api', partner: 'demo_shop' };

  test('each level earns its rate less the one below it', () => {
    const earning = earningFor([cascade], brought, '2026-11-22');
    expect(earning?.accounts).toEqual(['payable/demo_shop', 'payable/city', 'payable/prov']);
    expect(commissionParts(cascade, [3000n, 4000n, 5000n], 5000n)).toEqual([15n, 5n, 5n]);
  });
  test('without a partner its first level has nobody: the next plan applies', () => {
    const earning = earningFor([cascade, acquiring], { ...brought, partner: '' }, '2026-11-22');
    expect(earning?.plan.id).toBe('acquiring');
  });
  test.each([
    ['falling rates', { levels: [level('a', 4000n), level('b', 3000n)] }, /below/],
    ['nobody named', { levels: [level('', 4000n)] }, /name/],
    ['rest of no level', { rest: 1 }, /rest/],
    [
      'tiers of one level only',
      { levels: [level('a', 1n), { ...level('b', 2n), tiers: [{ from: 0n, ppm: 2n }] }] },
      /all/,
    ],
    ['tiers that do not begin', { levels: [{ ...level('b', 2n), tiers: [{ from: 5n, ppm: 2n }] }] }, /begins/],
    ['a cap above all', { clawCapPpm: 1_000_001n }, /share/],
  ])('%s: not activated', (_, given, fault) => expect(planFaults(plan(given)).join()).toMatch(fault));
  test('a plain plan has no fault', () => expect(planFaults(plan())).toEqual([]));
});
