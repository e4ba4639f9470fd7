import en from './locales/en.json';
import zh from './locales/zh-CN.json';
import { serviceWords } from './service-words';

const say =
  (texts: Record<string, string>) =>
  (key: string, values: Record<string, string>): string =>
    (texts[key] ?? key).replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? `no ${name}`);
const chinese = (sentence: string) => serviceWords(sentence, say(zh));

/** One of every form that the close of a day or a month can show. */
const SAID = [
  'agrees',
  '31 of 31 branches',
  '30 of 31',
  'differs: 420000, due/430000',
  'each open item is a line that waits',
  'not explained: fee/1',
  'billing does not answer',
  '2 wait for billing, 0 refused',
  'every currency sums to zero',
  'every balance is the sum of its transfers',
  'every receivable is its open items',
  '16 lanes, 300 batches, 4 anchors',
  '16 lanes, 300 batches, 4 anchors, since the snapshot of 2026-11-22',
  '2026-11-22, at anchor 12',
  '2026-11-22, at anchor 12: its balances are not those taken',
  'under way: 3 of 9 batches, 400 rows',
  'under way: begun',
  'not settled: bank_a, bank_b',
  'all',
  '3 under way',
  '31 compared',
  '30 compared, 1 waived',
  '5 providers, 1 known to be missing',
  'gifts and discounts not told by billing',
  '2 wait for their day and will count in the month that carries them out',
  'no invoice yet: bank_a',
  '2 providers that bill by the month',
  '1 schedules by tier',
  '1 plans by tier',
  '4 earners',
  'positions do not add up to zero',
  '9 positions that add up to zero',
  'not confirmed: 420000',
  '9 statements confirmed',
  '3 parties are owed; payouts leave by their own runs',
];

describe('what services say of a check', () => {
  test.each(SAID)('%s', (sentence) => {
    const words = chinese(sentence);
    expect(words).not.toMatch(/\{\{|said\.|no [a-z]+$/);
    expect(words === sentence).toBe(false);
    const names = sentence.match(/\d[\d-]*|bank_[ab]|due\/430000|fee\/1/g) ?? [];
    for (const name of names) expect(words).toContain(name);
    expect(words.replaceAll(/bank_[ab]|due\/|fee\//g, '')).not.toMatch(/[a-z]/i);
    expect(serviceWords(sentence, say(en))).not.toMatch(/\{\{|said\./);
  });

  test('accounts that are off are told one by one', () => {
    expect(chinese('bank_a is off by 0.40, due/420000 is off by -12.00')).toBe(
      'bank_a 相差 0.40, due/420000 相差 -12.00',
    );
  });

  test('what it does not know is shown as it came', () => {
    expect(chinese('lane 3: batch 7 has another hash')).toBe('lane 3: batch 7 has another hash');
  });
});
