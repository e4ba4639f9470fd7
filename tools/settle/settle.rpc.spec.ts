import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY, HUBEI, matchedItem, paymentNo, runningMonth } from '../../apps/settlement/src/testing/lines';
import { settlementFixture, type SettlementFixture } from '../../apps/settlement/src/testing/settlement-fixture';
import { silentScreen, type Screen } from '../platform/progress';
import { main } from './main';

/** A month that is over whenever this runs, and a date of it. */
const MONTH = '2026-10';
const DATE = '2026-10-22';
const NAMES = ['SETTLEMENT_RPC', 'RECONCILIATION_RPC'] as const;

class Page {
  text = '';
  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

describe('npm run settle', () => {
  let fixture: SettlementFixture;
  const before = NAMES.map((name) => process.env[name]);
  beforeAll(async () => {
    fixture = await settlementFixture();
    process.env['SETTLEMENT_RPC'] = `127.0.0.1:${fixture.running.rpcPort}`;
    process.env['RECONCILIATION_RPC'] = `127.0.0.1:${fixture.peersPort}`;
    fixture.world.runs.set('run-1', [matchedItem('a')]);
    fixture.world.runs.set('run-2', [matchedItem('o', { paymentNo: paymentNo(2) })]);
  });
  afterAll(async () => {
    NAMES.forEach((name, i) => {
      if (before[i] === undefined) delete process.env[name];
      else process.env[name] = before[i];
    });
    await fixture.close();
  });

  const shown: string[] = [];
  const screen: Screen = { ...silentScreen, say: (text = '') => void shown.push(text) };
  const cli = async (...args: string[]) => {
    shown.length = 0;
    const [stdout, stderr] = [new Page(), new Page()];
    const out = { stdout, stderr } as unknown as { stdout: NodeJS.WritableStream; stderr: NodeJS.WritableStream };
    const code = await main(args, '/nowhere', screen, out);
    const last = stdout.text.trimEnd().split('\n').at(-1) ?? '';
    return {
      code,
      said: stderr.text,
      screen: shown.join('\n'),
      json: last === '' ? null : (JSON.parse(last) as Record<string, unknown>),
    };
  };

  test('run --date settles what is matched; again it changes nothing', async () => {
    fixture.world.run = { runId: 'run-1', digest: 'digest of run-1' };
    const first = await cli('run', '--date', DAY, '--json');
    expect(first).toMatchObject({ code: 0, json: { ok: true, verb: 'run', period: DAY } });
    expect(first.json?.['days']).toMatchObject([
      { provider: 'bank_a', settled: { replay: false, principal: '5000', fees: '30', commissions: '25' } },
    ]);
    const again = await cli('run', '--date', DAY, '--json');
    expect(again.json?.['days']).toMatchObject([{ settled: { replay: true } }]);
    fixture.world.run = null;
    fixture.world.lastDay = 'cut';
    expect((await cli('run', '--date', '2026-11-23', '--json')).code).toBe(1);
    expect((await cli('run', '--date', '2026-11-23', '--provider', 'other', '--json')).code).toBe(1);
    fixture.world.lastDay = 'settled';
  });

  test('status --date shows the positions; not signed off is a finding', async () => {
    const open = await cli('status', '--date', DAY, '--json');
    expect(open).toMatchObject({ code: 1, json: { final: false, openBreaks: 3 } });
    fixture.world.signedOff = true;
    const final = await cli('status', '--date', DAY, '--json');
    expect(final.code).toBe(0);
    expect(final.json?.['rows']).toEqual(
      expect.arrayContaining([expect.objectContaining({ party: HUBEI, net: '4945' })]),
    );
    fixture.world.signedOff = false;
  });

  test('verify: every invariant and chain', async () => {
    await fixture.assertInvariants();
    const found = await cli('verify', '--json');
    expect(found).toMatchObject({ code: 0, json: { ok: true, verb: 'verify' } });
    const names = (found.json?.['checks'] as { name: string }[]).map(({ name }) => name.slice(0, 2));
    expect(names).toEqual(expect.arrayContaining(['M1', 'M2', 'M3', 'M4', 'S3', 'S4']));
    await fixture.database.db.run(`INSERT INTO suspense_item VALUES ('x', 'bank_a', '${DAY}', 7, NOW(3))`);
    expect((await cli('verify', '--json')).code).toBe(1);
    await fixture.database.db.run(`DELETE FROM suspense_item WHERE item_id = 'x'`);
  });

  test('run --month stops at the parties’ word; a statement not confirmed is a finding; then another person signs', async () => {
    fixture.world.run = { runId: 'run-2', digest: 'digest of run-2' };
    expect((await cli('run', '--date', DATE, '--json')).code).toBe(0);
    const stopped = await cli('run', '--month', MONTH, '--actor', 'maker', '--json');
    expect(stopped).toMatchObject({ code: 1, json: { ok: false, state: 'closing' } });
    const told = await cli('statement', '--party', HUBEI, '--month', MONTH, '--json');
    expect(told).toMatchObject({ code: 1, json: { statement: { state: 'issued', totals: { net: '4945' } } } });
    for (const party of [HUBEI, '440000', 'bank_a'])
      await fixture.client.call('party_statements.decide', {
        ...{ party, period: MONTH, version: 1, decision: 'confirm', reason: '', actor: 'party' },
      });
    const file = join(mkdtempSync(join(tmpdir(), 'settle-')), 'hubei.csv');
    const csv = await cli('statement', '--party', HUBEI, '--month', MONTH, '--format', 'csv', '--out', file, '--json');
    expect(csv.code).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/49\.45/);
    expect(csv.json).toMatchObject({ ok: true, verb: 'statement', period: MONTH, file });
    const sheet = file.replace('.csv', '.xlsx');
    const told2 = ['statement', '--party', HUBEI, '--month', MONTH, '--format', 'xlsx'];
    expect((await cli(...told2, '--out', sheet)).code).toBe(0);
    expect(readFileSync(sheet).subarray(0, 2).toString()).toBe('PK');
    const nowhere = await cli(...told2, '--out', join(file, 'no-folder', 'x.xlsx'), '--json');
    expect(nowhere).toMatchObject({ code: 2, json: null, said: expect.stringMatching(/cannot be written/) as string });
    expect((await cli('run', '--month', MONTH, '--actor', 'maker', '--json')).code).toBe(0);
    const same = await cli('run', '--month', MONTH, '--sign-off', '--actor', 'maker', '--json');
    expect(same.code).toBe(2);
    const signed = await cli('run', '--month', MONTH, '--sign-off', '--actor', 'checker', '--json');
    expect(signed).toMatchObject({ code: 0, json: { state: 'signed_off', signedBy: 'checker' } });
    expect(await cli('status', '--month', MONTH, '--json')).toMatchObject({
      code: 0,
      json: signed.json && { ok: true },
    });
  });

  test('without --json people read it: what was settled, positions in yuan, steps, checks; no object anywhere', async () => {
    fixture.world.run = { runId: 'run-1', digest: 'digest of run-1' };
    const run = await cli('run', '--date', DAY);
    expect(run).toMatchObject({ code: 0, json: null, screen: expect.stringContaining('principal 50.00') as string });
    const status = await cli('status', '--date', DAY);
    expect(status).toMatchObject({ code: 1, json: null, screen: expect.stringMatching(/420000 +49\.45/) as string });
    const month = await cli('status', '--month', MONTH);
    expect(month).toMatchObject({ code: 0, json: null, screen: expect.stringMatching(/ 1 last_day/) as string });
    const verified = await cli('verify', '--since', 'start');
    expect(verified).toMatchObject({ code: 0, json: null, screen: expect.stringContaining('✔ M2 clearing') as string });
    const told = await cli('statement', '--party', HUBEI, '--month', MONTH);
    expect(told).toMatchObject({ code: 0, json: null, screen: expect.stringMatching(/net +49\.45/) as string });
  });

  test('what settlement refuses, and what was never told, ends with 2 in its own words', async () => {
    const running = runningMonth();
    const early = await cli('run', '--month', running, '--actor', 'maker', '--json');
    expect(early).toMatchObject({ code: 2, json: null, said: expect.stringMatching(/is not over/) as string });
    const stranger = await cli('statement', '--party', '999999', '--month', MONTH, '--json');
    expect(stranger).toMatchObject({
      code: 2,
      json: null,
      said: expect.stringMatching(/nothing of 2026-10/) as string,
    });
    const open = await cli('status', '--month', running, '--json');
    expect(open).toMatchObject({ code: 1, json: { ok: false, verb: 'status', period: running, state: 'open' } });
  });

  test.each([
    [[]],
    [['forget']],
    [['run', 'twice', '--date', DAY]],
    [['run', '--date']],
    [['run', '--date', '']],
    [['run', '--date', '20261122']],
    [['run', '--date', '2026-2-3']],
    [['status', '--date', '2026-11-31']],
    [['status', '--date', '2027-02-29']],
    [['status', '--date', '2026-11']],
    [['status', '--month', '2026-1']],
    [['status', '--month', '2026-11-01']],
    [['statement', '--party', 'x', '--date', 'today']],
    [['statement', '--party', 'x', '--date', DAY, '--format', 'csv']],
    [['run', '--date', DAY, '--dry-run']],
    [['status', '--date', DAY, '--verbose', '--json']],
    [['run']],
    [['run', '--date', '2026-02-30']],
    [['run', '--date', DAY, '--month', MONTH]],
    [['status', '--month', '2026-13']],
    [['statement', '--date', DAY]],
    [['statement', '--party', 'x', '--date', DAY, '--format', 'pdf']],
    [['run', '--month', MONTH, '--sign-off']],
    [['verify', '--since', 'ever']],
    [['verify', '--what']],
  ])('not understood: %j ends with 2 and says why', async (args) => {
    const { code, said, json, screen: told } = await cli(...args);
    expect([code, said.length > 10, json, told]).toEqual([2, true, null, '']);
  });

  test('nobody there ends with 2', async () => {
    process.env['SETTLEMENT_RPC'] = '127.0.0.1:1';
    expect(await cli('verify')).toMatchObject({ code: 2, said: expect.stringMatching(/SETTLEMENT_RPC/) as string });
    process.env['SETTLEMENT_RPC'] = `127.0.0.1:${fixture.running.rpcPort}`;
  });
});
