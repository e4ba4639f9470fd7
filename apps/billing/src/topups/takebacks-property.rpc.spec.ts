import type { Bearer } from '@yidian/contracts';
import fc from 'fast-check';
import { HUBEI } from '../testing/billing-fixture';
import { moneySteps, type MoneySteps } from '../testing/money-steps';

/** Payments with any discounts and gifts, used in part, refunded, given back and refunded again, several at once. */
const payment = fc.record({
  charged: fc.integer({ min: 1, max: 20_000 }),
  discounts: fc.dictionary(
    fc.constantFrom<Bearer>('home', 'hq', 'provider', 'partner'),
    fc.integer({ min: 1, max: 999 }),
  ),
  bonus: fc.integer({ min: 1, max: 5000 }),
  used: fc.integer({ min: 0, max: 100 }),
  bonusRefund: fc.constantFrom('forfeit' as const, 'deduct_cash' as const),
  steps: fc.array(fc.record({ share: fc.integer({ min: 1, max: 60 }), end: fc.constantFrom('post', 'void', 'late') }), {
    maxLength: 8,
  }),
});

describe('whatever a payment was made of and however it is taken back', () => {
  let money: MoneySteps;
  let round = 0;
  beforeAll(async () => (money = await moneySteps()));
  afterAll(() => money.close());

  test('each part gives back exactly what it gave, nothing is ever negative, and the gift is accounted for', async () => {
    await fc.assert(
      fc.asyncProperty(payment, async ({ charged, discounts, bonus, used, bonusRefund, steps }) => {
        round++;
        const promotions = [{ name: 'gift', atLeast: '1', bonus: String(bonus), bearer: 'home' as const }];
        await money.policy(HUBEI, { limits: { min: '1', max: '100000', step: '1' }, promotions, bonusRefund });
        const subscriberId = await money.register({ msisdn: `138${String(round).padStart(8, '0')}` });
        const [cash, gift] = [`subscriber/${subscriberId}/cash`, `subscriber/${subscriberId}/bonus`];
        const given = Object.entries(discounts) as [Bearer, number][];
        const face = given.reduce((sum, [, amount]) => sum + amount, charged);
        const before = await money.balances();
        const item = money.topup({
          ...{ subscriberId, face: String(face), charged: String(charged) },
          discounts: given.map(([bearer, amount]) => ({ bearer, amount: String(amount) })),
        });
        await money.post(item);
        const spent = Math.floor((bonus * used) / 100);
        if (spent > 0) await money.use(gift, spent);

        const late: string[] = [];
        let back = 0;
        await Promise.all(
          steps.map(async ({ share, end }, n) => {
            const amount = Math.max(1, Math.floor((face * share) / 100));
            const key = `${item.key}${n}`;
            const held = await money.hold(key, item.key, amount);
            if (held?.outcome !== 'held') return;
            expect(Number(held.charged)).toBeGreaterThanOrEqual(0);
            if (end === 'late') return void late.push(key);
            await money.resolve(key, item.key, end === 'post' ? 'post' : 'void');
            if (end === 'post') back += amount;
          }),
        );
        for (const key of late) await money.resolve(key, item.key, 'void');
        const left = face - back;
        if (left > 0)
          expect(await money.reverse(`res${item.key}`, item.key, left)).toMatchObject({ outcome: 'posted' });

        const [row] = await money.database.db.select(
          'SELECT home, hq, provider, partner, bonus FROM taken_back WHERE payment_no = ?',
          [item.key],
        );
        const all = { home: 0, hq: 0, provider: 0, partner: 0, ...discounts, bonus };
        expect(row).toEqual(Object.fromEntries(Object.entries(all).map(([name, amount]) => [name, BigInt(amount)])));
        const after = await money.balances();
        const moved = (id: string) => (after[id] ?? 0n) - (before[id] ?? 0n);
        expect(after[gift] ?? 0n).toBe(0n);
        const [receivable, promotion] = [moved(`branch/${HUBEI}/receivable`), moved(`branch/${HUBEI}/promotion`)];
        expect(moved(`held/branch/${HUBEI}/receivable`) + moved(`held/branch/${HUBEI}/promotion`)).toBe(0n);
        // Nothing is made or lost: the gift's used part is the branch's cost, as far as cash did not pay for it.
        expect(receivable + promotion + moved(cash) + moved(gift) + moved(`branch/${HUBEI}/revenue`)).toBe(0n);
        if (bonusRefund === 'forfeit') expect([receivable, promotion]).toEqual([0n, -BigInt(spent)]);
      }),
      { numRuns: 20 },
    );
    expect(await money.client.call('ledger.verify', {})).toMatchObject({ ok: true });
  });
});
