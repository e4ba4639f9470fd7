import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BreakView } from '@yidian/contracts';
import { main } from './main';
import { silentScreen } from '../platform/progress';
import { BANK, DATE, FakeWorld, fileNotReady } from '../../apps/reconciliation/src/testing/fake-world';

const NEXT = '2026-11-23';
const THIRD = '2026-11-24';
const no = (n: number): string => `261122${String(n).padStart(14, '0')}`;
const LIMITS = { enabled: true, item: '100000', total: '5000000', count: 200, sharePpm: 5_000, shareFloor: 20 };

class Page {
  text = '';
  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

describe('the desk of finance', () => {
  const world = new FakeWorld();
  const before = process.env['RECONCILIATION_RPC'];
  beforeAll(async () => {
    await world.start();
    process.env['RECONCILIATION_RPC'] = `127.0.0.1:${world.running.rpcPort}`;
  });
  afterAll(async () => {
    if (before === undefined) delete process.env['RECONCILIATION_RPC'];
    else process.env['RECONCILIATION_RPC'] = before;
    await world.stop();
  });

  const paid = (n: number) =>
    world.paymentBook.add('paid', no(n), 5_000n, { refNo: `${no(n)}01`, providerTxnId: `T${n}` });
  const line = (n: number) => ({ ref: `${no(n)}01`, txn: `T${n}`, amount: 5_000n });
  const breaks = async (date = DATE): Promise<BreakView[]> =>
    (await world.client.call('breaks.list', { date, state: 'any' })).data;
  const cli = async (...args: string[]) => {
    const [stdout, stderr] = [new Page(), new Page()];
    const out = { stdout, stderr } as unknown as { stdout: NodeJS.WritableStream; stderr: NodeJS.WritableStream };
    const code = await main([...args, '--json'], '/nowhere', silentScreen, out);
    const last = stdout.text.trimEnd().split('\n').at(-1) ?? '';
    return { code, said: stderr.text, json: last === '' ? null : (JSON.parse(last) as Record<string, unknown>) };
  };

  test('a rule is switched off by two people, and leaves its differences to people from that date on', async () => {
    const wanted = { class: 'uncredited' as const, validFrom: DATE, reason: 'province is being moved' };
    const { rule } = await world.client.call('rules.propose', {
      ...wanted,
      limits: { ...LIMITS, enabled: false },
      actor: 'clerk.a',
    });
    const id = rule?.id ?? '';
    const decide = (actor: string) => world.client.call('rules.decide', { id, decision: 'approve', actor });
    expect(await decide('clerk.a')).toMatchObject({ outcome: 'own_proposal' });
    const { inForce } = await world.client.call('rules.list', { date: DATE });
    expect(inForce.find((one) => one.class === 'uncredited')).toMatchObject({
      version: null,
      limits: { enabled: true },
    });
    expect(await decide('clerk.b')).toMatchObject({ outcome: 'ok', rule: { state: 'approved', decidedBy: 'clerk.b' } });
    expect(await decide('clerk.c')).toMatchObject({ outcome: 'state_conflict' });
    const matched = { ...wanted, class: 'matched' as const, limits: LIMITS, actor: 'clerk.a' };
    expect(await world.client.call('rules.propose', matched)).toMatchObject({ outcome: 'state_conflict' });
    const earlier = await world.client.call('rules.list', { date: '2026-11-21' });
    expect(earlier.inForce.find((one) => one.class === 'uncredited')?.version).toBeNull();
    const now = await world.client.call('rules.list', { date: THIRD });
    expect(now.inForce.find((one) => one.class === 'uncredited')).toMatchObject({
      version: id,
      limits: { enabled: false },
    });
  });

  test('run: follows the night to its end; open breaks are 1, and the rule that is off did nothing', async () => {
    [1, 2, 3].forEach(paid);
    [1, 3].forEach((n) => world.creditBook.add('credited', no(n), 5_000n));
    world.writeStatement([line(1), line(2), line(3)]);
    const { code, json } = await cli('run', '--provider', BANK, '--date', DATE);
    expect(code).toBe(1);
    expect(json).toMatchObject({ ok: false, verb: 'run', provider: BANK, ended: true, lines: 3, percent: 100 });
    expect(json?.['days']).toMatchObject([
      { provider: BANK, date: DATE, state: 'settled', openBreaks: 1, residual: '0' },
    ]);
    expect((await breaks()).map((row) => `${row.class} ${row.state}`)).toEqual(['uncredited open']);
  });

  test('a break is taken by version, with a due date; history tells who', async () => {
    const [row] = await breaks();
    if (!row) throw new Error('nothing found');
    expect(row).toMatchObject({ owner: '', dueOn: '2026-11-25' });
    const assign = (version: number, owner: string) =>
      world.client.call('breaks.assign', {
        items: [{ id: row.id, version, owner, dueOn: '2026-11-26' }],
        actor: owner,
      });
    expect((await assign(row.version, 'wang')).items).toEqual([{ id: row.id, outcome: 'ok' }]);
    expect((await assign(row.version, 'li')).items).toEqual([{ id: row.id, outcome: 'changed', by: 'wang' }]);
    expect((await breaks())[0]).toMatchObject({ owner: 'wang', dueOn: '2026-11-26', version: row.version + 1 });
    const mine = await world.client.call('breaks.list', { owner: 'wang', state: 'any' });
    expect(mine.data).toHaveLength(1);
    const { events } = await world.client.call('breaks.history', { id: row.id });
    expect(events.map(({ what, actor }) => `${what} ${actor}`)).toEqual(['found system', 'assigned wang']);
    expect((await world.client.call('breaks.history', { id: row.id, branch: '110000' })).events).toEqual([]);
  });

  test('status, breaks and report: one object on the last line; files for people', async () => {
    const status = await cli('status', '--date', DATE);
    expect(status).toMatchObject({ code: 1, json: { verb: 'status', percent: 100 } });
    const list = await cli('breaks', '--provider', BANK, '--from', DATE, '--to', NEXT);
    expect(list).toMatchObject({ code: 1, json: { count: 1, breaks: [{ class: 'uncredited', atStake: '5000' }] } });
    expect(await cli('breaks', '--date', NEXT)).toMatchObject({ code: 0, json: { count: 0 } });
    const out = mkdtempSync(join(tmpdir(), 'yd-report-'));
    const report = await cli('report', '--provider', BANK, '--date', DATE, '--out', out);
    const folder = join(out, DATE, BANK);
    expect(report.json?.['files']).toHaveLength(readdirSync(folder).length);
    expect(readdirSync(folder).sort()).toEqual(
      [
        ...['ageing.csv', 'breaks.csv', 'bridge.csv', 'bridge.xlsx', 'pareto.csv', 'quality.csv', 'report.html'],
        ...['report.xlsx', 'summary.csv', 'summary.md'],
      ].sort(),
    );
    expect(readFileSync(join(folder, 'ageing.csv'), 'utf8')).toContain(`${BANK},uncredited,0-1,1,50.00,5000,0,0`);
    expect(report.json?.['report']).toMatchObject({
      quality: expect.arrayContaining([
        expect.objectContaining({ of: 'all', payments: 3, defects: 1, sigma: null }),
        expect.objectContaining({ of: 'branch', key: '420000', payments: 3, defects: 1 }),
        expect.objectContaining({ of: 'channel', key: 'sms', payments: 3, defects: 1 }),
      ]) as unknown,
      pareto: [{ class: 'uncredited', count: 1, amount: '5000', cumulativePpm: 1_000_000 }],
    });
  });

  test('a province’s book is run and looked at from the command line, each difference with its class and next step', async () => {
    const [branch, date] = ['430000', THIRD];
    const one = ['--branch', branch, '--date', date];
    world.provinces.set(branch, fileNotReady(branch, date));
    expect(await cli('credits', 'run', ...one)).toMatchObject({
      ...{ code: 1, json: { ok: false, verb: 'credits run', branch, percent: 0, runs: [{ state: 'wanted' }] } },
    });
    const lost = {
      class: 'not_there',
      kind: 'CREDIT',
      ourState: 'done',
      ourAmount: '5000',
      theirAmount: null,
    } as const;
    const ready = {
      ...fileNotReady(branch, date),
      state: 'ready',
      version: 1,
      sha256: 'd'.repeat(64),
      agrees: true,
    } as const;
    world.provinces.set(branch, { ...ready, ours: '5000', differences: [{ ...lost, reference: no(7) }] });
    const found = await cli('credits', 'run', '--date', date, '--refetch');
    expect(found).toMatchObject({
      code: 1,
      json: {
        ...{ percent: 100, count: 1, runs: [{ branch, state: 'ready', residual: '0' }] },
        breaks: [{ class: 'uncredited', suggested: 'claim_provider', provider: 'bss_430000' }],
      },
    });
    world.provinces.set(branch, { ...ready, version: 2, lines: 1, amount: '5000', ours: '5000' });
    await cli('credits', 'run', ...one);
    expect(await cli('credits', 'status', ...one)).toMatchObject({
      ...{ code: 0, json: { ok: true, verb: 'credits status', breaks: [{ state: 'resolved' }] } },
    });
    expect((await cli('credits', 'status', '--date', '2026-10-01')).code).toBe(1);
  });

  test.each([
    [['credits', '--date', DATE], /npm run recon/],
    [['credits', 'run', '--provider', BANK, '--date', DATE], /has a --branch/],
    [['credits', 'run', '--branch', 'hunan', '--date', DATE], /is no branch/],
    [['credits', 'run', '--branch', '420000', '--date', DATE], /No province/],
    [['credits', 'status', '--refetch', '--date', DATE], /--refetch is of credits run/],
    [['breaks', '--branch', '430000', '--date', DATE], /--branch is of credits/],
    [['run'], /Which date/],
    [['dance', '--date', DATE], /npm run recon/],
    [['run', '--date', '2026-02-30'], /is no date/],
    [['run', '--from', NEXT, '--to', DATE], /--from is after --to/],
    [['run', '--date', DATE, '--from', DATE, '--to', DATE], /not both/],
    [['breaks', '--date', DATE, '--state', 'odd'], /--state is one of/],
    [['report', '--date', DATE, '--nonsense'], /Unknown option/],
  ])('%j cannot run: 2, and why', async (args, why) => {
    const { code, said, json } = await cli(...args);
    expect([code, json]).toEqual([2, null]);
    expect(said).toMatch(why);
  });

  test('a backfill does one date after the other, and the same range is the same backfill', async () => {
    world.creditBook.add('credited', no(2), 5_000n);
    paid(4);
    world.creditBook.add('credited', no(4), 5_000n);
    world.writeStatement([line(4)], NEXT);
    const first = world.client.call('night.backfill', { from: NEXT, to: NEXT, provider: BANK, actor: 'clerk.a' });
    const again = world.client.call('night.backfill', { from: NEXT, to: NEXT, provider: BANK, actor: 'clerk.b' });
    const [one, two] = [await first, await again];
    expect(two).toMatchObject({ id: one.id, actor: 'clerk.a' });
    await world.until(NEXT, (steps) => steps.length > 0 && steps.every((step) => step.state === 'done'));
    const { days } = await world.client.call('night.progress', { from: DATE, to: NEXT });
    expect(days.map(({ date, percent, step }) => [date, percent, step])).toEqual([
      [DATE, 100, null],
      [NEXT, 100, null],
    ]);
  });

  test('a range that reaches beyond the open book stops and says where', async () => {
    const { code, json } = await cli('run', '--provider', BANK, '--from', '2026-12-01', '--to', '2026-12-02');
    expect(code).toBe(1);
    expect(json?.['detail']).toBe('stopped: no night could begin for 2026-12-01: its book is not open yet');
  });

  test('a system that is stopped is told in a sentence', async () => {
    process.env['RECONCILIATION_RPC'] = '127.0.0.1:1';
    const { code, said } = await cli('status', '--date', DATE);
    process.env['RECONCILIATION_RPC'] = `127.0.0.1:${world.running.rpcPort}`;
    expect(code).toBe(2);
    expect(said).toContain('the system is not running. Start it with `npm start`');
  });
});
