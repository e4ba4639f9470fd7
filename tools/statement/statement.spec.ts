import { PassThrough, Readable } from 'node:stream';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { balanceText, camt053Text, entryText, statementText } from '@yidian/connectors/iso20022/played-camt';
import { silentScreen } from '../platform/progress';
import { main } from './main';

const YD1 = [
  'H|YD1|bank_a|2026-11-22|CNY',
  'D|1|PAY|2611224321500731004201|T1||5000|19|CNY|2026-11-22T04:00:00Z|SUCCESS',
  'T|1|5000|19',
  '',
].join('\n');
const CAMT = camt053Text(
  statementText(balanceText('OPBD', '0') + balanceText('CLBD', '2') + entryText({ amount: '2' })),
);

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'statement-spec-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(content: string | Buffer | AsyncIterable<Uint8Array>, ...args: string[]) {
  const said: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' };
  const collect = (name: keyof typeof said) =>
    new PassThrough().on('data', (chunk: Buffer) => void (said[name] += chunk.toString()));
  const path = join(folder, 'file.txt');
  const piped = typeof content !== 'string' && !Buffer.isBuffer(content);
  if (!piped) writeFileSync(path, content);
  const stdin = piped ? Readable.from(content) : Readable.from([]);
  const outside = { stdout: collect('stdout'), stderr: collect('stderr'), stdin };
  const code = await main(['parse', piped ? '-' : path, ...args], folder, silentScreen, outside);
  return { code, ...said };
}

const BANK = ['--provider', 'bank-direct'];

test('a clean file: lines, totals, 0', async () => {
  const { code, stdout, stderr } = await run(YD1, ...BANK);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('PAY');
  expect(stdout).toContain('50.00 CNY');
  expect(stdout).toContain('totals agree');
});

test('--json is one object in the documented shape', async () => {
  const { code, stdout } = await run(YD1, ...BANK, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    provider: 'bank-direct',
    format: 'YD1',
    lines: [
      {
        n: 1,
        file_line: 2,
        offset: 28,
        kind: 'PAY',
        our_number: '2611224321500731004201',
        provider_txn_id: 'T1',
        orig_txn_id: '',
        amount: 5000,
        fee: 19,
        currency: 'CNY',
        occurred_at: '2026-11-22T04:00:00.000Z',
        state: 'SUCCESS',
        raw: YD1.split('\n')[1],
      },
    ],
    quarantined: [],
    totals: {
      header: { provider: 'bank_a', date: '2026-11-22', currency: 'CNY' },
      declared: { lines: 1, amount: 5000, fee: 19 },
      read: { lines: 1, amount: 5000, fee: 19 },
      unread: { lines: 0, amount: 0, fee: 0 },
      unreadable: 0,
      agrees: true,
      bytes: Buffer.from(YD1).length,
    },
  });
});

test('the format is told from the first bytes; --format forces it', async () => {
  expect(JSON.parse((await run(CAMT, ...BANK, '--json')).stdout)).toMatchObject({ format: 'camt.053' });
  expect((await run(YD1, ...BANK, '--format', 'mt940')).code).toBe(2);
  expect((await run(YD1, ...BANK, '--format', 'nothing')).stderr).toContain('It has: YD1');
});

test('a bad line is quarantined with its bytes: 1', async () => {
  const bad = Buffer.concat([Buffer.from('D|1|PAY|'), Buffer.from([0xff, 0x00])]);
  const file = Buffer.concat([Buffer.from('H|YD1|bank_a|2026-11-22|CNY\n'), bad, Buffer.from('\nT|1|1|0\n')]);
  const { code, stdout } = await run(file, ...BANK, '--json');
  expect(code).toBe(1);
  const { quarantined, totals } = JSON.parse(stdout) as { quarantined: { raw_base64: string }[]; totals: object };
  expect(Buffer.from(quarantined[0]?.raw_base64 ?? '', 'base64')).toEqual(bad);
  expect(totals).toMatchObject({ unreadable: 1, agrees: false });
  expect((await run(file, ...BANK)).stdout).toContain('DO NOT AGREE');
});

test('what is no statement, no provider or no file: 2', async () => {
  const { code, stdout, stderr } = await run('PK nothing', ...BANK, '--json');
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ format: null, lines: [], quarantined: [], totals: null });
  expect(stderr).toContain('no statement of bank-direct');
  expect(await run(YD1, '--provider', 'nobody')).toMatchObject({ code: 2, stdout: '' });
  expect(await main(['parse', 'gone.txt', ...BANK], folder, silentScreen, streams())).toBe(2);
  expect(await main([], folder, silentScreen, streams())).toBe(2);
});

function streams() {
  const nowhere = () => new PassThrough().resume();
  return { stdout: nowhere(), stderr: nowhere(), stdin: nowhere() };
}

test('a provider of the carrier’s profile is read by its connector, and another one’s file is a finding', async () => {
  const path = join(folder, 'profile.json');
  writeFileSync(path, JSON.stringify({ providers: [{ code: 'bank_b', connector: 'bank-direct' }] }));
  process.env['PROFILE'] = path;
  const { code, stdout } = await run(YD1, '--provider', 'bank_b', '--date', '2026-11-22');
  delete process.env['PROFILE'];
  expect(code).toBe(1);
  expect(stdout).toContain('another provider');
});

test('standard input is read as it comes', async () => {
  async function* piped(): AsyncGenerator<Buffer> {
    for (const byte of Buffer.from(YD1)) yield await Promise.resolve(Buffer.from([byte]));
  }
  expect(await run(piped(), ...BANK)).toMatchObject({ code: 0 });
});
