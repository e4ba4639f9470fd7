import { Ledger } from '@yidian/ledger';
import { billingFixture, HUBEI, type BillingFixture } from '../testing/billing-fixture';
import { SweepClosings } from './sweep-closings';

const GIFT = 700n;

describe('what is left when a number closes', () => {
  let billing: BillingFixture;
  beforeAll(async () => (billing = await billingFixture()));
  afterAll(() => billing.close());

  const balances = async (subscriber: string) =>
    billing.database.db.select<{ id: string; balance: bigint }>(
      `SELECT id, CAST(SUM(balance) AS SIGNED) AS balance FROM (SELECT id, balance FROM account
         UNION ALL SELECT account_id, balance FROM account_part) every
       WHERE id LIKE ? OR id IN (?, ?) GROUP BY id HAVING SUM(balance) <> 0 ORDER BY id`,
      [`subscriber/${subscriber}/%`, `branch/${HUBEI}/unclaimed`, `branch/${HUBEI}/promotion`],
    );
  const close = (msisdn: string, key: string) =>
    billing.client.call('subscribers.change', {
      msisdn,
      kind: 'closed',
      at: new Date().toISOString(),
      key,
      source: `bss:${HUBEI}`,
    });
  const dueNow = () =>
    billing.database.db.run('UPDATE closing_balance SET due_at = UTC_TIMESTAMP(3) WHERE due_at IS NOT NULL');
  const steps = async () =>
    (
      await billing.database.db.select<{ step: number; due_at: Date | null }>(
        'SELECT step, due_at FROM closing_balance ORDER BY event_id',
      )
    ).map(({ step, due_at }) => [step, due_at !== null]);

  async function until(holds: () => Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + 5_000; !(await holds());) {
      if (Date.now() > deadline) throw new Error('it did not happen');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  test('cash goes to unclaimed, the gift back to promotion, once; what comes late follows', async () => {
    const subscriber = await billing.register({ msisdn: '13900000000', balance: '3000' });
    const { app } = billing.running();
    await app.get(Ledger, { strict: false }).post({
      key: 'gift/1',
      keyDay: '2026-11-23',
      actor: 'test',
      input: { subscriber },
      opens: [{ id: `subscriber/${subscriber}/bonus`, kind: 'bonus', floor: 0n, ceiling: 1_000_000n }],
      transfers: [
        { debit: `branch/${HUBEI}/promotion`, credit: `subscriber/${subscriber}/bonus`, amount: GIFT, kind: 'bonus' },
      ],
    });
    const late = billing.topup({ subscriberId: subscriber, face: '1000', charged: '1000' });
    await close('13900000000', 'c1');
    await until(async () => (await steps()).every(([step]) => step === 1));
    expect(await balances(subscriber)).toEqual([{ id: `branch/${HUBEI}/unclaimed`, balance: 3000n }]);

    // A credit that was judged before the number closed and written afterwards.
    await app.get(Ledger, { strict: false }).post({
      key: late.key,
      keyDay: '2026-11-22',
      actor: 'test',
      input: { subscriber },
      transfers: [
        { debit: `branch/${HUBEI}/receivable`, credit: `subscriber/${subscriber}/cash`, amount: 1000n, kind: 'topup' },
      ],
    });
    const sweep = app.get(SweepClosings, { strict: false });
    await dueNow();
    await Promise.all([sweep.sweep(), sweep.sweep()]);
    expect(await balances(subscriber)).toEqual([{ id: `branch/${HUBEI}/unclaimed`, balance: 4000n }]);
    await dueNow();
    await sweep.sweep();
    expect(await steps()).toEqual([[3, false]]);
    expect((await billing.client.call('ledger.verify', {})).ok).toBe(true);
  });

  test('the process died between the closing and its posting: the next one posts it', async () => {
    const subscriber = await billing.register({ msisdn: '13900000001', balance: '500' });
    await close('13900000001', 'c2');
    await until(async () => (await balances(subscriber)).every(({ id }) => !id.startsWith('subscriber/')));
    // As if nothing of it had been written: the row is due with the same step, and its key is stored.
    await billing.database.db.run(
      'UPDATE closing_balance SET step = 0, due_at = UTC_TIMESTAMP(3) WHERE subscriber_id = ?',
      [subscriber],
    );
    await billing.running().app.get(SweepClosings, { strict: false }).sweep();
    expect(await balances(subscriber)).toEqual([{ id: `branch/${HUBEI}/unclaimed`, balance: 4500n }]);
  });

  test('arrears stay owed', async () => {
    const subscriber = await billing.register({ msisdn: '13900000002', plan: 'postpaid', balance: '-800' });
    await close('13900000002', 'c3');
    await until(async () => (await steps()).every(([step]) => step !== 0));
    expect(await balances(subscriber)).toContainEqual({ id: `subscriber/${subscriber}/cash`, balance: -800n });
  });
});
