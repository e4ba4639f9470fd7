import { AUDIT_SOURCE, verifyChains } from '@yidian/journal';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BANK, DATE, FakeWorld, type Line } from './testing/fake-world';

const no = (n: number): string => `261122${String(n).padStart(14, '0')}`;

/** Five clean payments and one of each demo difference. */
function writeDay(world: FakeWorld): Line[] {
  const { paymentBook, creditBook } = world;
  const lines: Line[] = [];
  const pay = (n: number, kinds: { credited?: boolean; known?: boolean }, line: Partial<Line> | null) => {
    const attempt = `${no(n)}01`;
    paymentBook.add('submitted', no(n), 5000n, { refNo: attempt });
    if (kinds.known ?? true) paymentBook.add('paid', no(n), 5000n, { refNo: attempt, providerTxnId: `T${n}` });
    else paymentBook.add('unknown', no(n), 5000n, { refNo: attempt });
    if (kinds.credited ?? true) creditBook.add('credited', no(n), 5000n);
    if (line) lines.push({ ref: attempt, txn: `T${n}`, amount: 5000n, ...line });
  };
  for (let n = 1; n <= 5; n++) pay(n, {}, {});
  pay(6, { known: false, credited: false }, {});
  pay(7, { credited: false }, {});
  pay(8, {}, null);
  pay(9, {}, { fee: 31n });
  pay(10, {}, { fee: 80n });
  return lines;
}

describe('a night over real sockets', () => {
  const world = new FakeWorld();
  let lines: Line[];
  let firstRun: { runId: string; digest: string };

  beforeAll(async () => {
    await world.start();
    lines = writeDay(world);
  });
  afterAll(() => world.stop());

  test('waits for the statement, then matches, resolves by rule, settles and reports', async () => {
    await world.client.call('night.run', { date: DATE, actor: 'clerk.a' });
    await world.until(DATE, (steps) => steps.some((step) => step.name === 'fetch' && step.error !== null));
    expect((await world.client.call('night.status', { date: DATE })).providers[0]?.state).toBe('cut');
    world.writeStatement(lines);
    await world.night();
    const { providers, signedOff } = await world.client.call('night.status', { date: DATE });
    expect(providers).toMatchObject([{ provider: BANK, state: 'settled', residual: '0', openBreaks: 2 }]);
    expect(signedOff).toBe(false);
    const { data } = await world.client.call('breaks.list', { date: DATE, state: 'any' });
    expect(data.map(({ class: cls, state, paymentNo }) => `${cls} ${state} ${paymentNo}`).sort()).toEqual([
      `fee_mismatch open ${no(10)}`,
      `fee_mismatch resolved ${no(9)}`,
      `late_success resolved ${no(6)}`,
      `provider_missing open ${no(8)}`,
      `uncredited resolved ${no(7)}`,
    ]);
    expect(data.filter((row) => row.resolution?.by.startsWith('rule:'))).toHaveLength(3);
    expect(data.filter((row) => row.state === 'open' && row.auto)).toEqual([]);
  });

  test('the doors were asked by their own keys, and settlement followed', () => {
    const asked = world.gateway.requests('payments.resolve').flatMap(({ items }) => items);
    expect(asked.map(({ action, paymentNo }) => `${action} ${paymentNo}`).sort()).toEqual([
      `confirm_paid ${no(6)}`,
      `credit ${no(7)}`,
      `requery ${no(8)}`,
    ]);
    const posted = world.settlement.requests('resolutions.post').flatMap(({ items }) => items);
    expect(posted.map(({ action, paymentNo, itemId }) => `${action} ${paymentNo} ${itemId.length}`).sort()).toEqual([
      `accept ${no(9)} 40`,
      `confirm_paid ${no(6)} 40`,
      `credit ${no(7)} 40`,
    ]);
    expect(world.settled).toHaveLength(9);
    expect(world.settled.filter((item) => item.matched)).toHaveLength(7);
  });

  test('the run has its bridges, and the files lie where finance finds them', async () => {
    const { run } = await world.client.call('runs.get', { provider: BANK, date: DATE });
    expect(run?.bridges.map(({ kind, residual }) => `${kind} ${residual}`)).toEqual([
      'payments 0',
      'refunds 0',
      'fees 0',
      'credits 0',
    ]);
    expect(run?.bridges[0]?.lines).toEqual([
      { name: 'book_only', amount: '-5000', count: 1 },
      { name: 'statement_only', amount: '5000', count: 1 },
    ]);
    firstRun = { runId: run?.runId ?? '', digest: run?.digest ?? '' };
    const { files } = await world.client.call('report.files', { date: DATE });
    const names = [
      ...['ageing.csv', 'breaks.csv', 'bridge.csv', 'bridge.xlsx', 'pareto.csv', 'quality.csv', 'report.html'],
      ...['report.xlsx', 'summary.csv', 'summary.md'],
    ];
    expect(files.map((file) => file.name).sort()).toEqual(names);
    expect(readdirSync(join(world.outDir, DATE)).sort()).toEqual(names);
    const csv = readFileSync(join(world.outDir, DATE, 'breaks.csv'), 'utf8');
    expect(csv.split('\r\n')).toHaveLength(7);
    expect(
      readFileSync(join(world.outDir, DATE, 'bridge.xlsx'))
        .subarray(0, 2)
        .toString(),
    ).toBe('PK');
  });

  test('two people end a break; the same person cannot, nor who saw an older version', async () => {
    const { data } = await world.client.call('breaks.list', { date: DATE, class: 'provider_missing' });
    const short = data[0];
    if (!short) throw new Error('the short is gone');
    const propose = (version: number, action: 'reverse_credit' | 'repair_gateway') =>
      world.client.call('breaks.propose', {
        items: [{ id: short.id, version, action, reason: 'bank has nothing' }],
        actor: 'clerk.a',
      });
    const decide = (version: number, actor: string) =>
      world.client.call('breaks.decide', {
        items: [{ id: short.id, version, decision: 'approve', reason: 'seen' }],
        actor,
      });
    expect((await propose(short.version - 1, 'reverse_credit')).items[0]?.outcome).toBe('changed');
    expect((await propose(short.version, 'repair_gateway')).items[0]?.outcome).toBe('state_conflict');
    expect((await propose(short.version, 'reverse_credit')).items[0]?.outcome).toBe('ok');
    expect((await decide(short.version + 1, 'clerk.a')).items[0]?.outcome).toBe('own_proposal');
    expect((await decide(short.version, 'clerk.b')).items[0]).toMatchObject({ outcome: 'changed', by: 'clerk.a' });
    expect((await decide(short.version + 1, 'clerk.b')).items[0]?.outcome).toBe('ok');
    await expectSoon(async () => (await world.client.call('breaks.get', { id: short.id })).break?.state, 'resolved');
    const taken = world.billing.requests('credits.reverse').flatMap(({ items }) => items);
    expect(taken).toMatchObject([{ paymentNo: no(8), amount: '5000', actor: 'clerk.b' }]);
  });

  test('run again with the same inputs: the same run, the same bytes, nothing asked twice', async () => {
    const before = world.gateway.requests('payments.resolve').length;
    await world.night();
    await world.until(DATE, (steps) => steps.every((step) => step.state === 'done'));
    const { run } = await world.client.call('runs.get', { provider: BANK, date: DATE });
    expect({ runId: run?.runId, digest: run?.digest }).toEqual(firstRun);
    expect(world.gateway.requests('payments.resolve')).toHaveLength(before);
  });

  test('a replaced statement is a new run; what it no longer shows is closed, decisions stay', async () => {
    world.writeStatement(lines.map((line) => (line.fee === 80n ? { ...line, fee: 30n } : line)));
    await world.night();
    const { run } = await world.client.call('runs.get', { provider: BANK, date: DATE });
    expect(run?.runId).not.toBe(firstRun.runId);
    const { data } = await world.client.call('breaks.list', { date: DATE, state: 'any' });
    const byPayment = new Map(data.map((row) => [row.paymentNo, row]));
    expect(byPayment.get(no(10))).toMatchObject({ state: 'resolved', resolution: { by: 'rule:not_found_again' } });
    expect(byPayment.get(no(8))).toMatchObject({ state: 'resolved', resolution: { by: 'clerk.b' } });
    expect(data).toHaveLength(5);
  });

  test('the day is signed when everything holds, once; then it is not run again', async () => {
    world.invariantsOk = false;
    const refused = await world.client.call('day.signOff', { date: DATE, actor: 'clerk.b' });
    expect(refused.outcome).toBe('not_ready');
    expect(refused.checks.filter((check) => !check.ok).map((check) => check.name)).toEqual(['M1_zero_sum']);
    world.invariantsOk = true;
    expect((await world.client.call('day.signOff', { date: DATE, actor: 'clerk.b' })).outcome).toBe('signed');
    expect((await world.client.call('day.signOff', { date: DATE, actor: 'clerk.b' })).outcome).toBe('already');
    await world.client.call('night.run', { date: DATE, actor: 'clerk.a' });
    const { days } = await world.client.call('days.list', { limit: 5 });
    expect(days[0]).toMatchObject({ date: DATE, signedOff: true });
    expect(days[0]?.providers[0]?.steps.every((step) => step.state === 'done')).toBe(true);
  });

  test('who decided what stands on the audit lane, under its hash chain', async () => {
    const rows = await world.database.db.select('SELECT actor, action FROM audit ORDER BY lane_id, batch_no, n');
    const told = rows.map((row) => `${String(row['actor'])} ${String(row['action'])}`);
    expect(told).toEqual(expect.arrayContaining(['clerk.a resolution_proposed', 'clerk.b resolution_approved']));
    expect(told.filter((line) => line === 'clerk.b day_signed_off')).toHaveLength(1);
    expect(await verifyChains(world.database.db, [AUDIT_SOURCE])).toMatchObject({ ok: true });
  });

  test('it is healthy as long as its database and its audit lane are', async () => {
    const ready = await fetch(`http://127.0.0.1:${world.running.healthPort}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { ok: true, checks: { database: 'ok', audit: 'ok' } }]);
  });

  test('a request that does not fit its contract is refused', async () => {
    await expect(world.client.call('night.run', { date: '22.11.2026', actor: 'x' })).rejects.toThrow(/date/);
  });
});

async function expectSoon<T>(read: () => Promise<T>, wanted: T): Promise<void> {
  for (const deadline = Date.now() + 5_000; ;) {
    const seen = await read();
    if (seen === wanted) return;
    if (Date.now() > deadline) expect(seen).toBe(wanted);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
