import type { BreakView, ResolutionAction } from '@yidian/contracts';
import { BANK, DATE, FakeWorld } from './testing/fake-world';

const NEXT = '2026-11-23';
const no = (n: number): string => `261122${String(n).padStart(14, '0')}`;

describe('what one date leaves to the next', () => {
  const world = new FakeWorld();
  beforeAll(async () => {
    world.profile = {};
    await world.start();
  });
  afterAll(() => world.stop());

  const paid = (n: number) => {
    world.paymentBook.add('paid', no(n), 5000n, { refNo: `${no(n)}01`, providerTxnId: `T${n}` });
    world.creditBook.add('credited', no(n), 5000n);
  };
  const line = (n: number) => ({ ref: `${no(n)}01`, txn: `T${n}`, amount: 5000n });
  const breaks = async (date: string): Promise<BreakView[]> =>
    (await world.client.call('breaks.list', { date, state: 'any' })).data;
  const run = async (date: string) => (await world.client.call('runs.get', { provider: BANK, date })).run;
  const propose = async (row: BreakView | undefined, action: ResolutionAction, evidence: string) => {
    const item = { id: row?.id ?? '', version: row?.version ?? 0, action, reason: 'seen', evidence };
    return (await world.client.call('breaks.propose', { items: [item], actor: 'clerk.a' })).items[0]?.outcome;
  };
  const finish = async (row: BreakView | undefined, action: ResolutionAction, evidence = '') => {
    const id = row?.id ?? '';
    const version = row?.version ?? 0;
    expect(await propose(row, action, evidence)).toBe('ok');
    const items = [{ id, version: version + 1, decision: 'approve' as const, reason: 'seen' }];
    expect((await world.client.call('breaks.decide', { items, actor: 'clerk.b' })).items[0]?.outcome).toBe('ok');
  };

  test('a line missing today waits; a line of a payment we do not know yet waits too', async () => {
    [1, 2, 3].forEach(paid);
    world.paymentBook.add('submitted', no(4), 5000n, { refNo: `${no(4)}01` });
    world.writeStatement([line(1), { ...line(5), ref: 'SHOP4711', txn: 'T5' }]);
    await world.night();
    expect((await breaks(DATE)).map((row) => `${row.class} ${row.state}`).sort()).toEqual([
      'platform_missing suspense',
      'provider_missing suspense',
      'provider_missing suspense',
      'unknown_open suspense',
    ]);
    expect((await run(DATE))?.bridges[0]?.residual).toBe('0');
  });

  test('the next date brings the other halves: suspense closes, what is still missing is a break', async () => {
    world.paymentBook.add('declined', no(4), 5000n, { refNo: `${no(4)}01` });
    world.paymentBook.add('paid', no(5), 5000n, { refNo: `${no(5)}01`, providerTxnId: 'T5' });
    world.creditBook.add('credited', no(5), 5000n);
    paid(6);
    world.writeStatement([line(2), line(6)], NEXT);
    await world.night(NEXT);
    const byState = (await breaks(DATE)).map((row) => `${row.class} ${row.state} ${row.resolution?.by ?? ''}`).sort();
    expect(byState).toEqual([
      'platform_missing resolved rule:other_half',
      'provider_missing open ',
      'provider_missing resolved rule:other_half',
      'unknown_open resolved rule:other_half',
    ]);
    expect(await breaks(NEXT)).toEqual([]);
    const bridges = (await run(NEXT))?.bridges;
    expect(bridges?.map((bridge) => bridge.residual)).toEqual(['0', '0', '0', '0']);
    expect(bridges?.[0]?.lines).toEqual([
      { name: 'other_date_book', amount: '5000', count: 1 },
      { name: 'other_date_statement', amount: '-5000', count: 1 },
    ]);
  });

  test('a claim waits for the provider; its later line ends it', async () => {
    const short = (await breaks(DATE)).find((row) => row.state === 'open');
    await finish(short, 'claim_provider');
    const THIRD = '2026-11-24';
    world.writeStatement([line(3)], THIRD);
    await world.night(THIRD);
    expect((await breaks(DATE)).find((row) => row.id === short?.id)).toMatchObject({
      state: 'resolved',
      resolution: { by: 'rule:other_half' },
    });
  });

  test('a file that does not agree with itself stops until two people take it; an unread line until somebody decides', async () => {
    const date = '2026-11-25';
    paid(7);
    world.writeStatement([line(7)], date);
    world.statement = world.statement?.replace('T|1|5000|', 'D|2|PAY|broken\nT|2|6000|') ?? null;
    await world.client.call('night.run', { date, actor: 'clerk.a' });
    await world.until(date, (steps) => steps.some((step) => step.name === 'settle' && step.error !== null));
    const unread = (await breaks(date)).find((row) => row.class === 'unreadable_line');
    expect(unread).toMatchObject({ state: 'open', raw: 'D|2|PAY|broken', statementLine: 3 });
    expect((await run(date))?.bridges[0]).toMatchObject({
      lines: [{ name: 'unread', amount: '1000', count: 1 }],
      residual: '0',
    });
    await finish(unread, 'accept');
    await world.night(date);

    const last = '2026-11-26';
    paid(8);
    world.writeStatement([line(8)], last);
    world.statement = world.statement?.replace('T|1|5000|', 'T|1|5001|') ?? null;
    await world.client.call('night.run', { date: last, actor: 'clerk.a' });
    await world.until(last, (steps) => steps.some((step) => step.name === 'parse' && step.state === 'failed'));
    await finish(
      (await breaks(last)).find((row) => row.class === 'control_total'),
      'accept',
    );
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await world.night(last);
    expect((await run(last))?.bridges[0]).toMatchObject({ lines: [{ name: 'unread', amount: '1' }], residual: '0' });
  });

  test('what the gateway lost is written anew by two people with a paper; the next bridge shows it', async () => {
    const [date, next] = ['2026-11-27', '2026-11-28'];
    world.creditBook.add('credited', no(9), 5000n);
    world.writeStatement([line(9)], date);
    await world.night(date);
    const [lost] = await breaks(date);
    expect(lost).toMatchObject({ class: 'gateway_missing', state: 'open', suggested: 'repair_gateway', auto: false });
    expect(await propose(lost, 'repair_gateway', ' ')).toBe('state_conflict');
    await finish(lost, 'repair_gateway', 'letter 7 of the bank');
    for (const end = Date.now() + 15_000; (await breaks(date))[0]?.state !== 'resolved' && Date.now() < end;)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await breaks(date))[0]?.resolution).toMatchObject({ action: 'repair_gateway', by: 'clerk.b' });
    expect(world.settlement.requests('resolutions.post').at(-1)?.items[0]).toMatchObject({
      ...{ action: 'credit', paymentNo: no(9), branch: '420000', amount: '5000' },
    });
    const found = { refNo: `${no(9)}01`, providerTxnId: 'T9', businessDate: date };
    world.paymentBook.add('paid', no(9), 5000n, found);
    world.writeStatement([], next);
    await world.night(next);
    expect(await breaks(next)).toEqual([]);
    const bridges = (await run(next))?.bridges;
    expect(bridges?.map(({ residual }) => residual)).toEqual(['0', '0', '0', '0']);
    expect(bridges?.[0]?.lines).toEqual([{ name: 'other_date_statement', amount: '-5000', count: 1 }]);
  });
});
