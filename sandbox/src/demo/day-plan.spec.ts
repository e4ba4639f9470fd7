import { injectedOf, planDay } from './day-plan';
import { population } from './population';

const people = population('seed');
const plan = planDay('seed', '2026-11-22', people);

it('is about two thousand payments over every way, the same for the same seed', () => {
  expect(planDay('seed', '2026-11-22', people)).toEqual(plan);
  expect(plan.total).toBe(2000);
  const ways = new Map<string, number>();
  for (const p of [...plan.payers.flatMap((d) => d.payments), ...plan.walkIns])
    ways.set(p.way, (ways.get(p.way) ?? 0) + 1);
  expect([...ways.keys()].sort()).toEqual(['cashier', 'counter', 'portal', 'shop', 'sms']);
  expect(Math.min(...[...ways].filter(([way]) => way !== 'cashier').map(([, n]) => n))).toBeGreaterThan(400);
});

it('gives each payment its own key, and each payer each amount once, within an everyday limit', () => {
  const keys = [...plan.payers, ...plan.maintenance].flatMap((d) => d.payments.map((p) => p.key));
  const all = [...keys, ...plan.walkIns.map((w) => w.key)];
  expect(new Set(all).size).toBe(all.length);
  for (const day of plan.payers) {
    const late = plan.maintenance.find((m) => m.payer.number === day.payer.number)?.payments ?? [];
    const yuan = [...day.payments, ...late].map((p) => p.yuan);
    expect(new Set(yuan).size).toBe(yuan.length);
    expect(yuan.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(500);
  }
});

it('injects 23 differences of four classes, also into a small day', () => {
  const count = (total: number) => {
    const classes = new Map<string, number>();
    for (const { injected = '' } of injectedOf(planDay('seed', '2026-11-22', people, total))) {
      classes.set(injected, (classes.get(injected) ?? 0) + 1);
    }
    return Object.fromEntries(classes);
  };
  const expected = { late_success: 6, uncredited: 7, provider_missing: 3, fee_mismatch: 7 };
  expect(count(2000)).toEqual(expected);
  expect(count(150)).toEqual(expected);
});
