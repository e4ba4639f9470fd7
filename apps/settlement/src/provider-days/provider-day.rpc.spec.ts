import type { MatchedItem } from '@yidian/contracts';
import { BatchesStore } from '../batches/batches.store';
import { schedule } from '../testing/contracts';
import { BANK, DAY, GUANGDONG, HUBEI, matchedItem, paymentNo } from '../testing/lines';
import { settlementFixture } from '../testing/settlement-fixture';
import { PlanDay } from './plan-day';
import { ProviderDaysStore } from './provider-days.store';
import { ResumeBatchesJob } from './resume-batches.job';

const NOV_22 = DAY;
const NOV_23 = '2026-11-23';
const pay = (given: Partial<MatchedItem> = {}) => matchedItem('a-pay', given);
const refund = (given: Partial<MatchedItem> = {}) =>
  matchedItem('b-refund', { kind: 'refund', amount: '-2000', fee: '0', refNo: 'R1', ...given });

describe('one provider-day', () => {
  const many = (n: number): MatchedItem[] =>
    Array.from({ length: n }, (_, i) =>
      matchedItem(`i${String(i).padStart(4, '0')}`, {
        paymentNo: paymentNo(i + 1),
        branch: i % 3 === 0 ? GUANGDONG : HUBEI,
        channel: i % 2 === 0 ? 'sms' : 'portal',
        amount: String(1000 + i),
        fee: String((BigInt(1000 + i) * 6000n * 2n + 1_000_000n) / 2_000_000n),
      }),
    );

  test('aggregates: a handful of postings for a thousand lines over several pages, and conserves', async () => {
    const fixture = await settlementFixture();
    try {
      fixture.world.pageSize = 300;
      const reply = await fixture.settle('run-1', many(1000));
      expect(fixture.world.pages).toBe(4);
      expect(reply).toMatchObject({ replay: false, principal: '1499500', suspense: '0', branches: 2 });
      const [{ n } = { n: 0n }] = await fixture.database.db.select<{ n: bigint }>('SELECT COUNT(*) AS n FROM posting');
      expect(n).toBe(4n);
      const balances = await fixture.balances();
      expect(Object.values(balances).reduce((sum, value) => sum + BigInt(value), 0n)).toBe(0n);
      await fixture.assertInvariants();

      // The same run again, also after a restart and twice at once, is answered from its batch.
      expect(await fixture.settle('run-1')).toEqual({ ...reply, replay: true });
      await fixture.restart();
      const [once, twice] = await Promise.all([fixture.settle('run-1'), fixture.settle('run-1')]);
      expect([once, twice]).toEqual([
        { ...reply, replay: true },
        { ...reply, replay: true },
      ]);
      expect(await fixture.balances()).toEqual(balances);
      await expect(
        fixture.client.call('provider_days.settle', { provider: BANK, date: NOV_22, runId: 'run-1', digest: 'other' }),
      ).rejects.toThrow(/another digest/);
    } finally {
      await fixture.close();
    }
  });

  test('18 other inputs before sign-off: the old batch goes back leg by leg, then the new one', async () => {
    const fixture = await settlementFixture();
    try {
      const first = await fixture.settle('run-1', [pay(), matchedItem('x', { matched: false, class: 'late_success' })]);
      await fixture.assertInvariants();
      const second = await fixture.settle('run-2', [pay({ amount: '7000', fee: '42' })]);
      expect(second.batchId).not.toBe(first.batchId);
      // Each is planned from the file that its own run stands on.
      expect([...fixture.world.aloneOf]).toEqual(['run-1', 'run-2']);
      expect(await fixture.balances()).toEqual({
        'clearing/bank_a': '-6958',
        'due/420000': '6923',
        'due/440000': '35',
      });
      await fixture.assertInvariants();

      // Back to the first inputs is a third batch, not a replay of the one that was undone.
      const third = await fixture.settle('run-1');
      expect(third).toMatchObject({ replay: false, principal: '5000', suspense: '4970' });
      await fixture.assertInvariants();
      expect(fixture.world.settledOf(HUBEI)).toBe(5000n);

      fixture.world.signedOff = true;
      await expect(fixture.settle('run-2')).rejects.toThrow(/signed off/);
      expect(await fixture.settle('run-1')).toMatchObject({ batchId: third.batchId, replay: true });
      await fixture.assertInvariants();
    } finally {
      await fixture.close();
    }
  });

  test('18 a replaced statement: each transfer of the day and of its resolutions stands once more, ends swapped', async () => {
    const fixture = await settlementFixture();
    const transfers = async (batchId: string, suffix: string) => {
      const rows = await fixture.database.db.select<
        Record<'k' | 'debit' | 'credit' | 'kind' | 'refers', string> & { amount: bigint }
      >(
        `SELECT k, debit, credit, amount, kind, refers_to AS refers FROM transfer WHERE k REGEXP ? ORDER BY lane_id, batch_no, n`,
        [`^${batchId}/[0-9]+${suffix}$`],
      );
      return rows.map(({ k, debit, credit, ...rest }) => {
        const ends = suffix === '' ? { debit, credit } : { debit: credit, credit: debit };
        return JSON.stringify({
          key: suffix === '' ? k : k.slice(0, -suffix.length),
          ...ends,
          ...rest,
          amount: String(rest.amount),
        });
      });
    };
    try {
      const late = matchedItem('x', { matched: false, class: 'late_success', paymentNo: paymentNo(2) });
      const first = await fixture.settle('run-1', [pay(), refund(), late]);
      expect(await fixture.resolve({ key: 'rule-1', itemId: 'x', paymentNo: paymentNo(2) })).toBe('posted');
      await fixture.settle('run-2', [pay({ amount: '7000', fee: '42' }), late]);

      const undone = await fixture.database.db.select<{ id: string; kind: string }>(
        `SELECT batch_id AS id, kind FROM settlement_batch WHERE state = 'reversed' ORDER BY kind`,
      );
      expect(undone.map(({ kind }) => kind)).toEqual(['resolution', 'settle']);
      expect(undone[1]?.id).toBe(first.batchId);
      for (const { id } of undone) {
        const forward = await transfers(id, '');
        expect(forward.length).toBeGreaterThan(2);
        expect((await transfers(id, '/r')).sort()).toEqual(forward.sort());
      }
      await fixture.assertInvariants();
    } finally {
      await fixture.close();
    }
  });

  test('a refund of a later date survives a re-run of the payment’s date', async () => {
    const fixture = await settlementFixture();
    try {
      await fixture.settle('run-1', [pay()]);
      await fixture.settle('run-2', [refund()], NOV_23);
      await fixture.settle('run-3', [pay(), matchedItem('y', { paymentNo: paymentNo(2) })]);
      await fixture.assertInvariants();
      await fixture.settle('run-4', [refund({ amount: '-3000' })], '2026-11-24');
      await fixture.assertInvariants();
      // 25 + 25 of commission, 25 clawed back in two steps.
      expect((await fixture.balances())['due/440000']).toBe('25');
    } finally {
      await fixture.close();
    }
  });

  test('without a contract nothing is guessed: the day is not settled', async () => {
    const fixture = await settlementFixture({ schedules: [schedule({ validFrom: '2026-12-01' })] });
    try {
      await expect(fixture.settle('run-1', [pay()])).rejects.toThrow();
      expect(await fixture.balances()).toEqual({});
      await fixture.assertInvariants();
    } finally {
      await fixture.close();
    }
  });

  test('a process that dies after its plan is fixed: whoever comes next posts it, once', async () => {
    const fixture = await settlementFixture();
    try {
      fixture.world.runs.set('run-1', [pay()]);
      const request = { provider: BANK, day: DAY, runId: 'run-1', digest: 'digest of run-1' };
      const app = () => fixture.running.app;
      const batch = await fixture.database.db.transaction(async (tx) => {
        const days = app().get(ProviderDaysStore, { strict: false });
        await days.lock(tx, BANK, DAY);
        return days.begin(tx, request);
      });
      await app().get(PlanDay, { strict: false }).execute(batch);
      expect(await fixture.balances()).toEqual({});

      await fixture.restart();
      await app()
        .get(ResumeBatchesJob, { strict: false })
        .pass(new Date(Date.now() + 1000));
      expect((await app().get(BatchesStore, { strict: false }).find(batch.batchId))?.state).toBe('settled');
      expect(await fixture.settle('run-1')).toMatchObject({ batchId: batch.batchId, replay: true, principal: '5000' });
      expect(await fixture.balances()).toMatchObject({ 'due/420000': '4945' });
      await fixture.assertInvariants();
    } finally {
      await fixture.close();
    }
  });

  test('an older planner that wakes up late cannot touch the plan', async () => {
    const fixture = await settlementFixture();
    try {
      fixture.world.runs.set('run-1', [pay()]);
      const batch = await fixture.database.db.transaction(async (tx) => {
        const days = fixture.running.app.get(ProviderDaysStore, { strict: false });
        await days.lock(tx, BANK, DAY);
        return days.begin(tx, { provider: BANK, day: DAY, runId: 'run-1', digest: 'digest of run-1' });
      });
      await fixture.settle('run-1');
      await expect(fixture.running.app.get(PlanDay, { strict: false }).execute(batch)).rejects.toThrow(/taken over/);
      await fixture.assertInvariants();
    } finally {
      await fixture.close();
    }
  });
});
