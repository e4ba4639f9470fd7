import zh from '../../../kit/locales/zh-CN.json';
import { accountWords, legsOf, originalWords, signedYuan, sumOf } from './adjustment-words';

const texts: Record<string, string> = zh;
const t = (key: string, values: Record<string, string> = {}): string =>
  (texts[key] ?? key).replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '');

test.each([
  ['50', 5_000],
  ['+50.5', 5_050],
  ['-0.01', -1],
  ['−7', -700],
  [' -12.30 ', -1_230],
])('%s yuan are %d fen', (text, fen) => expect(signedYuan(text)).toBe(fen));

test.each(['', '0', '-0', '1.234', '--5', '5-', '1e3'])('%s is no amount', (text) =>
  expect(signedYuan(text)).toBeNull(),
);

test('legs add up, or nobody knows yet', () => {
  expect(sumOf([{ amount: '-50' }, { amount: '20' }, { amount: '30' }])).toBe(0);
  expect(sumOf([{ amount: '-50' }, { amount: '49.99' }])).toBe(-1);
  expect(sumOf([{ amount: '-50' }, {}])).toBeNull();
  expect(sumOf([{ amount: '-50' }, undefined])).toBeNull();
});

test('legs leave for the door in fen; an empty payment number is none', () => {
  const typed = [
    { account: 'due' as const, party: ' 420000 ', amount: '-50', payment_no: '26112200000000000001' },
    { account: 'hq' as const, party: 'loss', amount: '50', payment_no: ' ' },
  ];
  expect(legsOf(typed)).toEqual([
    { account: 'due', party: '420000', amount: -5_000, payment_no: '26112200000000000001' },
    { account: 'hq', party: 'loss', amount: 5_000 },
  ]);
});

test('what is corrected, and whose account, in words', () => {
  expect(originalWords({ kind: 'provider_day', provider: 'bank_a', date: '2026-11-22' }, t)).toBe('bank_a 2026-11-22');
  expect(originalWords({ kind: 'month', month: '2026-10' }, t)).toBe('2026-10');
  expect(originalWords({ kind: 'platform_day', date: '2026-11-22' }, t)).toBe('2026-11-22 全部机构');
  for (const party of ['fees', 'loss', 'gain', 'promotion']) expect(accountWords('hq', party, t)).toMatch(/^总部/);
  for (const account of ['due', 'payable', 'clearing'])
    expect(accountWords(account, '420000', t)).toMatch(/^[\u4e00-\u9fff]+ 420000$/);
});
