import { topupsPost, type TopupItem } from './billing';
import { channel } from './common';
import { isSurelyCredit } from './sure-credits';

const CREDIT: TopupItem = {
  key: '26112900000000000001',
  subscriberId: 's1',
  ownerVersion: 3,
  branch: '420000',
  provider: 'bank_a',
  channel: 'partner_api',
  partner: 'acme',
  acquiringBranch: '440000',
  face: '5000',
  charged: '4900',
  currency: 'CNY',
  providerTxnId: 'T1',
  businessDate: '2026-11-29',
  ttlMs: 4_000,
};

const text = (length: number, sign = 'a') => sign.repeat(length);
/** What may stand in any place, right or wrong. */
const VALUES: unknown[] = [
  undefined, null, true, false, 0, -0, 1, -1, 1.5, 3, 59_999, 60_000, 60_001, 2 ** 53 - 1, 2 ** 53, NaN, Infinity, 1n,
  {}, [], ['1'], [{ bearer: 'hq', amount: '100' }], new String('420000'), '', ' ', '0', '00', '01', '-0', '-1', '+1', '1.0', '1e3', '5000\n', '\n5000', ' 5000',
  '5000 ', '٤٢٠٠٠٠', '４２００００', '420000', '42000', '4200000', '42000a', '42000/', '42000:', 'CNY', 'cny', 'USD', ...channel.options, 'web', 'SMS',
  'a', 'ab', 'a1', 'a_', '_a', '1a', 'Ab', 'aB', 'a-b', 'a b', 'bänk', 'a`', 'a{', text(31), text(32), text(33), text(64), text(65), text(32, '王'), text(33, '王'),
  text(16, '😀'), text(17, '😀'), text(6, '1'), text(17, '1'), text(18, '1'), text(19, '1'), text(20, '1'), text(21, '1'), `-${text(18, '9')}`, `-${text(19, '9')}`,
  '2026-11-29', '2026-1-29', '2026/11/29', '2026-11-2a', '2026-11-299', '20a6-11-29', '2026-aa-29', '0000-00-00', '-2026-11-9', '2026-11-29\n', '2026-11-29T',
]; // prettier-ignore

const agrees = (item: unknown) => {
  const judged = topupsPost.shape.items.element.safeParse(item);
  if (!isSurelyCredit(item as TopupItem)) return judged.success ? 'left to the schema' : 'refused by both';
  expect(judged).toEqual({ success: true, data: item });
  return 'taken by both';
};

test('nothing is taken that the schema refuses or changes, whatever stands in any of the places', () => {
  const seen = new Map<string, number>();
  for (const member of Object.keys(topupsPost.shape.items.element.shape))
    for (const value of VALUES) {
      const verdict = agrees({ ...CREDIT, [member]: value });
      seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
    }
  expect([...seen.keys()].sort()).toEqual(['left to the schema', 'refused by both', 'taken by both']);
  // What the schema takes and this leaves to it: negative amounts, discounts, and nothing else.
  expect(seen.get('left to the schema')).toBe(2 * 4 + 2);
});

test('a member that is missing is refused by both, unless it is one of the two that may be', () => {
  for (const member of Object.keys(CREDIT)) {
    const { [member as keyof TopupItem]: _left, ...item } = CREDIT;
    expect(agrees(item)).toBe(member === 'ownerVersion' ? 'taken by both' : 'refused by both');
  }
});

test('what payments send is taken', () => {
  for (const item of [CREDIT, { ...CREDIT, businessDate: null }, { ...CREDIT, partner: '' }, { ...CREDIT, ttlMs: 1 }])
    expect(agrees(item)).toBe('taken by both');
});
