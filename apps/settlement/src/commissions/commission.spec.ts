import { plan } from '../testing/contracts';
import { commissionOf, earningFor } from './commission';

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
    expect(earning?.account ?? null).toBe(account);
  });
  test('a plan that is over pays nobody', () =>
    expect(earningFor([plan({ validTo: '2026-11-21' })], payment, '2026-11-22')).toBeNull());
  test('0.5 % of 50.00 is 0.25', () => expect(commissionOf(acquiring, 5000n)).toBe(25n));
});
