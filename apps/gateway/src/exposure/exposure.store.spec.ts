import { Alarms } from '../notifications/alarms';
import { Books } from '@yidian/journal';
import { PlayedGateway } from '../testing/played-gateway';
import { ChangeExposure } from './change-exposure';
import type { ChangeBody, ExposureView } from './exposure.schema';
import { WatchExposureJob } from './watch-exposure.job';

type Event = { type: string; data: { object: ExposureView } };

describe('what a collecting partner may hold', () => {
  let gateway: PlayedGateway;
  let keys = 0;
  beforeAll(async () => {
    gateway = await PlayedGateway.start();
    gateway.billing.state.addNumber('13900000000');
  });
  afterAll(() => gateway.close());

  const collect = async (amount: number, reference = `E${++keys}`) => {
    const funding = { type: 'collected', taken_at: '2026-11-22T04:00:00.000Z' };
    const body = { reference, number: '13900000000', amount, currency: 'CNY', funding };
    const answer = await gateway.call<{ code?: string; outcome?: string; state?: string }>(
      'POST',
      '/v1/payments',
      body,
      { key: `e-${reference}` },
    );
    return answer.body.code ?? answer.body.state;
  };
  const exposure = async () => (await gateway.call<ExposureView>('GET', '/v1/exposure')).body;
  const changes = () => gateway.app.get(ChangeExposure);
  const change = async (body: ChangeBody) => {
    const { id } = await changes().propose(body, 'maker');
    return changes().decide(id, { decision: 'approve', reason: '' }, 'checker');
  };
  const limit = (basis: 'date' | 'held' | 'prefund', amount: number | null) =>
    change({ kind: 'limit', partner: 'demo_shop', basis, amount, reason: 'contract' });
  const paidIn = (kind: 'deposit' | 'remittance', amount: number, receipt: string): ChangeBody => ({
    kind,
    partner: 'demo_shop',
    amount,
    receipt,
    reason: 'bank statement',
  });
  const warnings = async () => {
    await gateway.app.get(WatchExposureJob).sweep();
    const { body } = await gateway.call<{ data: Event[] }>('GET', '/v1/events?limit=100');
    return body.data.filter((event) => event.type === 'exposure.warning').map((event) => event.data.object);
  };
  const counters = async () =>
    (await gateway.database.db.select("SELECT period FROM limit_usage WHERE owner LIKE 'exposure:%'")).length;

  test('without a limit nothing is counted', async () => {
    expect(await collect(5_000)).toBe('completed');
    expect(await exposure()).toMatchObject({ basis: 'date', limit: null, available: null, used: 0 });
    expect(await counters()).toBe(0);
  });

  test('a limit needs two people; the proposer is not the second', async () => {
    const body: ChangeBody = { kind: 'limit', partner: 'demo_shop', basis: 'date', amount: 10_000, reason: 'contract' };
    const { id } = await changes().propose(body, 'maker');
    const approve = (actor: string) => changes().decide(id, { decision: 'approve', reason: '' }, actor);
    await expect(approve('maker')).rejects.toMatchObject({ code: 'own_proposal' });
    expect((await exposure()).limit).toBeNull();
    expect(await approve('checker')).toMatchObject({ state: 'approved', decided_by: 'checker' });
    await expect(approve('checker')).rejects.toMatchObject({ code: 'state_conflict' });
    expect(await exposure()).toMatchObject({ limit: 10_000, available: 10_000, warning_at: 8_000 });
  });

  test('by date: warned once at 80 %, refused beyond 100 %, given back by a reversal, free on the next date', async () => {
    expect(await collect(7_900)).toBe('completed');
    expect(await warnings()).toEqual([]);
    expect(await collect(100, 'back')).toBe('completed');
    expect(await warnings()).toMatchObject([{ used: 8_000, limit: 10_000, available: 2_000 }]);
    expect(await collect(2_100)).toBe('exposure_exceeded');
    expect(await collect(2_000)).toBe('completed');
    expect(await collect(100)).toBe('exposure_exceeded');
    const reversed = await gateway.call(
      'POST',
      '/v1/reversals',
      { reference: 'back', reason: 'teller_timeout' },
      { key: 'r' },
    );
    expect(reversed.body).toMatchObject({ state: 'reversed' });
    expect(await exposure()).toMatchObject({ used: 9_900, available: 100 });
    expect(await collect(100)).toBe('completed');
    expect(await warnings()).toHaveLength(1);
    const alarms = await gateway.app.get(Alarms).latest(10);
    expect(alarms).toEqual([expect.objectContaining({ kind: 'exposure.warning', object: 'partner/demo_shop' })]);

    const date = (await exposure()).business_date;
    for (let state = ''; state !== 'frozen';) ({ state } = await gateway.app.get(Books).cut('demo_shop', date));
    expect(await exposure()).toMatchObject({ used: 0, available: 10_000 });
    expect(await collect(9_000)).toBe('completed');
    expect(await warnings()).toHaveLength(2);
  });

  test('held: only what is remitted frees it, and a receipt counts once', async () => {
    await limit('held', 5_000);
    expect(await collect(5_000)).toBe('completed');
    expect(await collect(100)).toBe('exposure_exceeded');
    await change(paidIn('remittance', 3_000, 'R-1'));
    await expect(changes().propose(paidIn('remittance', 3_000, 'R-1'), 'maker')).rejects.toMatchObject({
      code: 'state_conflict',
    });
    expect(await exposure()).toMatchObject({ basis: 'held', limit: 5_000, used: 2_000, available: 3_000 });
    expect(await collect(3_000)).toBe('completed');
    expect(await collect(100)).toBe('exposure_exceeded');
  });

  test('prefunded: a deposit less what was collected, warned when a fifth is left', async () => {
    await gateway.database.db.run("UPDATE partner SET received = 0 WHERE id = 'demo_shop'");
    await gateway.database.db.run("DELETE FROM limit_usage WHERE owner = 'exposure:demo_shop'");
    await gateway.database.db.run('DELETE FROM operator_alarm');
    await limit('prefund', null);
    expect(await collect(100)).toBe('exposure_exceeded');
    const before = (await warnings()).length;
    const rejected = await changes().propose(paidIn('deposit', 10_000, 'D-1'), 'maker');
    await changes().decide(rejected.id, { decision: 'reject', reason: 'not on the account' }, 'checker');
    expect((await exposure()).available).toBe(0);
    await change(paidIn('deposit', 10_000, 'D-1'));
    expect(await exposure()).toMatchObject({ limit: 10_000, available: 10_000, warning_at: 8_000 });
    expect(await collect(8_000)).toBe('completed');
    expect(await warnings()).toHaveLength(before + 1);
    await change(paidIn('deposit', 10_000, 'D-2'));
    expect(await exposure()).toMatchObject({ limit: 20_000, used: 8_000, available: 12_000, warning_at: 17_600 });
    expect(await collect(12_000)).toBe('completed');
    expect(await collect(100)).toBe('exposure_exceeded');
  });

  test('lanes that collect at once never pass the limit together', async () => {
    await limit('prefund', 1_000);
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => collect(100)));
    expect(outcomes.filter((outcome) => outcome === 'completed')).toHaveLength(10);
    expect((await exposure()).available).toBe(0);
  });
});
