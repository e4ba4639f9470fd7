import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { billingFixture, GUANGDONG, HUBEI, type BillingFixture } from '../apps/billing/test/fixture';
import { main } from '../tools/numbers/main';
import type { Screen } from '../tools/platform/progress';

describe('npm run numbers', () => {
  let billing: BillingFixture;
  let folder: string;
  let said: string[] = [];
  const screen: Screen = {
    say: (text = '') => void said.push(text),
    step: () => ({
      note: () => undefined,
      progress: () => undefined,
      done: (detail = '') => void said.push(detail),
      fail: () => void said.push('failed'),
    }),
  };
  const run = async (...args: string[]): Promise<[number, string]> => {
    said = [];
    const code = await main(args, folder, screen);
    return [code, said.join('\n')];
  };
  const file = (name: string, ...lines: string[]): string => {
    const path = join(folder, name);
    writeFileSync(path, lines.join('\n'));
    return path;
  };

  beforeAll(async () => {
    billing = await billingFixture();
    folder = mkdtempSync(join(tmpdir(), 'yd-numbers-'));
    process.env['BILLING_RPC'] = `127.0.0.1:${billing.running().rpcPort}`;
  });
  afterAll(async () => {
    delete process.env['BILLING_RPC'];
    await billing.close();
    rmSync(folder, { recursive: true });
  });

  test('segments, ported numbers, who, versions', async () => {
    const segments = file('segments.csv', 'prefix,branch', '1880000,湖北', '188,广东省', 'x,湖北');
    const [code, text] = await run('import-segments', segments, '--from', '2026-01-01');
    expect(code).toBe(0);
    expect(text).toContain('line 4: "x" is no prefix');
    expect(text).toContain('applied: 10000 begun, 0 ended');

    const ports = file('ports.csv', 'number,branch,from', '18800000001,out,2026-06-01');
    expect((await run('import-ports', ports))[0]).toBe(0);
    expect((await run('import-ports', ports))[1]).toContain('applied: 1 begun');

    const at = ['--at', '2026-06-02T00:00:00+08:00'];
    expect((await run('who', '18800001234', ...at))[1]).toContain(`routed to branch ${HUBEI}`);
    expect((await run('who', '18899991234', ...at))[1]).toContain(`routed to branch ${GUANGDONG}`);
    expect((await run('who', '18800000001', ...at))[1]).toContain('routed to another carrier');
    const subscriber = await billing.register({ msisdn: '18800001234', status: 'suspended' });
    const [found, owner] = await run('who', '18800001234');
    expect(found).toBe(0);
    expect(owner).toMatch(new RegExp(`subscriber  ${subscriber}\\n(.*\\n)*state       suspended for loss at`));

    const [, versions] = await run('versions');
    expect(versions).toMatch(/2 {2}ports csv .* applied .*\n.*\n1 {2}segments csv {2}from 2026-01-01 {2}applied/);
  });

  test('a file that contradicts itself, none at all, and words that are none', async () => {
    const twice = file('twice.csv', 'prefix,branch', '1770000,湖北', '1770000,湖南');
    await expect(run('import-segments', twice, '--from', '2026-02-01')).rejects.toThrow(/line 2 and line 3: 1770000/);
    const older = file('older.csv', 'prefix,branch', '1770000,湖北');
    await expect(run('import-segments', older, '--from', '2025-01-01')).rejects.toThrow(/would rewrite history/);
    await expect(run('import-segments', join(folder, 'none.csv'), '--from', '2026-02-01')).rejects.toThrow(/not there/);
    await expect(run('import-segments', older)).rejects.toThrow(/--from/);
    const broken = file('broken.dat', 'no');
    const dat = ['--from', '2026-02-01', '--format', 'phone.dat'];
    await expect(run('import-segments', broken, ...dat)).rejects.toThrow(/no phone.dat/);
    expect((await run('where', '1'))[1]).toContain('npm run numbers');
  });
});
