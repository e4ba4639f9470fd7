import type { RequestOf } from '@yidian/contracts';
import { PlayedGateway } from '../testing/played-gateway';
import { ChangeExposure } from './change-exposure';
import type { ExposureView } from './exposure.schema';
import { ReceiveExposure } from './receive-exposure';

type Item = RequestOf<'gateway', 'exposure.receive'>['items'][number];

describe('partners’ money that settlement has booked', () => {
  let gateway: PlayedGateway;
  beforeAll(async () => {
    gateway = await PlayedGateway.start();
    gateway.billing.state.addNumber('13900000000');
    const limit = {
      kind: 'limit' as const,
      partner: 'demo_shop',
      basis: 'held' as const,
      amount: 5_000,
      reason: 'contract',
    };
    const { id } = await changes().propose(limit, 'maker');
    await changes().decide(id, { decision: 'approve', reason: '' }, 'checker');
  });
  afterAll(() => gateway.close());

  const changes = () => gateway.app.get(ChangeExposure);
  const receive = (given: Partial<Item> = {}) =>
    gateway.app.get(ReceiveExposure).execute({
      ...{ key: 'mv-1', provider: 'demo_shop', kind: 'remittance', amount: '3000', currency: 'CNY', receipt: 'BANK-1' },
      ...given,
    });
  const exposure = async () => (await gateway.call<ExposureView>('GET', '/v1/exposure')).body;
  const collect = async (reference: string, amount: number) => {
    const funding = { type: 'collected', taken_at: '2026-11-22T04:00:00.000Z' };
    const body = { reference, number: '13900000000', amount, currency: 'CNY', funding };
    const answer = await gateway.call<{ code?: string; state?: string }>('POST', '/v1/payments', body, {
      key: reference,
    });
    return answer.body.code ?? answer.body.state;
  };
  const paidIn = (receipt: string, amount = 1_000) =>
    changes().propose(
      { kind: 'remittance', partner: 'demo_shop', amount, receipt, reason: 'seen at the bank' },
      'maker',
    );

  test('frees what the partner may collect, once, however often and by how many it is told', async () => {
    expect(await collect('c1', 5_000)).toBe('completed');
    expect(await collect('c2', 100)).toBe('exposure_exceeded');
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => receive()));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 8 }, () => 'counted'));
    expect(outcomes.filter(({ replay }) => !replay)).toHaveLength(1);
    expect(await exposure()).toMatchObject({ used: 2_000, available: 3_000 });
    expect(await collect('c3', 3_000)).toBe('completed');
    expect(await collect('c4', 100)).toBe('exposure_exceeded');
  });

  test('a receipt that a person has entered is this money: the statement decides it', async () => {
    const { id } = await paidIn('BANK-2');
    const before = await exposure();
    expect(await receive({ key: 'mv-2', receipt: 'BANK-2', amount: '1000' })).toMatchObject({
      outcome: 'counted',
      replay: false,
    });
    const [change] = (await changes().list('demo_shop', 50)).filter((one) => one.id === id);
    expect(change).toMatchObject({ state: 'approved', decided_by: 'settlement', decision_reason: 'bank statement' });
    expect((await exposure()).available).toBe((before.available ?? 0) + 1_000);
    await expect(changes().decide(id, { decision: 'approve', reason: '' }, 'checker')).rejects.toMatchObject({
      code: 'state_conflict',
    });
  });

  test('and one that two people have booked already counts no second time', async () => {
    const { id } = await paidIn('BANK-3');
    await changes().decide(id, { decision: 'approve', reason: '' }, 'checker');
    const before = await exposure();
    expect(await receive({ key: 'mv-3', receipt: 'BANK-3', amount: '1000' })).toMatchObject({
      outcome: 'counted',
      replay: true,
    });
    expect(await exposure()).toEqual(before);
  });

  test('the same receipt over another sum is for people; what the bank takes back counts back', async () => {
    await paidIn('BANK-4', 700);
    expect(await receive({ key: 'mv-4', receipt: 'BANK-4', amount: '800' })).toMatchObject({
      ...{ outcome: 'refused', reason: 'state_conflict' },
    });
    const before = await exposure();
    expect(await receive({ key: 'mv-5', receipt: 'BANK-5', amount: '-500' })).toMatchObject({ outcome: 'counted' });
    expect((await exposure()).available).toBe((before.available ?? 0) - 500);
  });

  test('a provider that is no partner, and nothing at all, are refused', async () => {
    expect(await receive({ key: 'mv-6', provider: 'bank_zzz', receipt: 'B6' })).toMatchObject({ outcome: 'refused' });
    expect(await receive({ key: 'mv-7', amount: '0', receipt: 'B7' })).toMatchObject({ outcome: 'refused' });
  });
});
