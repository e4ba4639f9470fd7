import zh from '../../../kit/locales/zh-CN.json';
import type { CommissionPlan, FeeSchedule } from './settle-api';
import { planWords, ppmOf, rate, scheduleWords } from './terms-words';

const texts: Record<string, string> = zh;
const t = (key: string, values: Record<string, string> = {}): string =>
  (texts[key] ?? key).replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '');
const schedule: FeeSchedule['schedule'] = {
  ...{ id: 'a', provider: 'bank_a', channel: '*', product: '*', branch: '*', valid_from: '2026-01-01', valid_to: null },
  ...{ base: 'charged', round_per: 'payment', tiers: [], tier_mode: 'marginal', ppm: 3_800, fixed: 0, min: 10 },
  ...{ cap: null, rounding: 'half_up', collection: 'netted', refund_policy: 'kept' },
  bearers: [{ party: 'home', ppm: 1_000_000 }],
};

test.each([
  [0, '0%'],
  [1, '0.0001%'],
  [3_800, '0.38%'],
  [10_000, '1%'],
  [60_000, '6%'],
  [1_000_000, '100%'],
])('%d parts per million are %s, and back', (ppm, text) => {
  expect(rate(ppm)).toBe(text);
  expect(ppmOf(text)).toBe(ppm);
});

test.each(['', '0.38%%', '-1', '0.00001', '101', '1e3', '一'])('%s is no rate', (text) => {
  expect(ppmOf(text)).toBeNull();
});

test('a fee in words', () => {
  expect(scheduleWords({ schedule: schedule }, t)).toBe('0.38%,最低 0.10 元,按笔四舍五入,从到账中扣,退费不退手续费');
  const tiers = [
    { from: 0, ppm: 3_800 },
    { from: 100_000_000, ppm: 3_500 },
  ];
  expect(scheduleWords({ schedule: { ...schedule, min: 0, cap: 2_500, tiers } }, t)).toContain(
    '满 0.00 元 0.38% / 满 1,000,000.00 元 0.35% (超额部分),最高 25.00 元',
  );
});

test('a cascade in words, bottom level first', () => {
  const plan: CommissionPlan['plan'] = {
    ...{ id: 'p', channel: '*', partner: '*', acquiring_branch: '*', earner: 'partner', ppm: 0, rest: 0 },
    ...{
      base: 'face',
      bearer: 'home',
      tier_mode: 'marginal',
      tax_ppm: 60_000,
      claw_cap_ppm: null,
      rounding: 'half_up',
    },
    ...{ valid_from: '2026-01-01', valid_to: null },
    levels: [
      { earner: 'party', party: 'agent_1', ppm: 5_000, tiers: [] },
      { earner: 'acquiring_branch', party: '', ppm: 8_000, tiers: [] },
    ],
  };
  expect(planWords({ plan }, t)).toBe('agent_1 0.5% → 受理分公司 0.8%,按面额,税 6%,由归属分公司承担');
});
