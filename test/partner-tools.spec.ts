import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDoors, type Doors } from '../apps/gateway/test/doors';
import { demoProfile } from '../sandbox/src/demo/demo-profile';
import { apiConfig, parseEnv } from '../tools/api/api.config';
import { listen } from '../tools/api/listen';
import { bodyAndKey, main as api } from '../tools/api/main';
import { readKey } from '../tools/api/signed-call';
import { addPartner } from '../tools/partner/carrier-profile';
import { main as partner } from '../tools/partner/main';

let root: string;
let doors: Doors;
let printed = '';

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'yd-tools-'));
  const demo = join(root, '.data', 'demo');
  mkdirSync(demo, { recursive: true });
  const places = { firstBusinessDate: '2026-11-22', sandboxUrl: 'http://127.0.0.1:9', seed: 's' };
  const { profile, demoFile } = await demoProfile(places);
  writeFileSync(join(demo, 'profile.json'), JSON.stringify(profile));
  writeFileSync(join(demo, 'demo.json'), JSON.stringify(demoFile));
  doors = await openDoors({}, join(demo, 'profile.json'));
  const frontDoor = Number.parseInt(new URL(doors.url).port, 10) - 1;
  writeFileSync(join(root, '.data', 'run.json'), JSON.stringify({ address: `http://127.0.0.1:${frontDoor}` }));
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterAll(async () => {
  jest.restoreAllMocks();
  await doors.close();
});
beforeEach(() => (printed = ''));

test('a new partner signs its first call right after it was made', async () => {
  expect(await partner(['new', 'My Bank', '--scopes', 'payments:collect,numbers:query'], root)).toBe(0);
  expect(printed).toContain('YIDIAN_KEY_ID=test_my_bank');
  const env = parseEnv(readFileSync(join(root, '.data', 'partner.env'), 'utf8'));
  expect(statSync(env['YIDIAN_KEY_FILE'] ?? '').mode & 0o077).toBe(0);
  printed = '';
  expect(await api(['GET', '/v1/payments?limit=1'], root)).toBe(0);
  expect(printed).toContain(`"@target-uri": ${doors.url}/v1/payments?limit=1`);
  expect(printed).toContain('answer 200 · its signature holds (yidian_test)');
  expect(printed).toContain('"object": "list"');
});

test('a refusal is shown too, with exit code 2', async () => {
  expect(await api(['POST', '/v1/refunds', '{"payment":"pay_12345","amount":1,"reason":"x"}'], root)).toBe(2);
  expect(printed).toContain('"code": "scope_missing"');
  expect(printed).toMatch(/idempotency-key: "[0-9a-f-]{36}"/);
});

test('without arguments both say what they do', async () => {
  expect(await api([], root)).toBe(1);
  expect(await partner(['new'], root)).toBe(1);
  expect(printed).toContain('npm run api -- METHOD PATH');
  expect(printed).toContain('npm run partner -- new');
});

test('a name twice, a name without letters, no installation: one sentence', async () => {
  const path = join(root, '.data', 'demo', 'profile.json');
  const again = {
    id: 'my_bank',
    name: 'x',
    keyId: 'k',
    publicKeyPem: 'p',
    scopes: [],
    acquiringBranch: '440000',
    provider: null,
  };
  expect(() => addPartner(path, again)).toThrow('There is a partner my_bank already.');
  await expect(partner(['new', '我的银行'], root)).rejects.toThrow('begin with a Latin letter');
  await expect(partner(['new', 'X Bank'], mkdtempSync(join(tmpdir(), 'yd-none-')))).rejects.toThrow(
    'run `npm start` first',
  );
});

test('listening says what was there before and goes on from there', async () => {
  const stop = new AbortController();
  const said: string[] = [];
  const key = readKey(apiConfig(root));
  const listening = listen(doors.url, key, (line) => said.push(line), stop.signal);
  while (said.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  stop.abort();
  await listening;
  expect(said).toEqual(['listening as test_my_bank (0 earlier events); Ctrl-C ends']);
});

test('body and key of the command line', () => {
  expect(bodyAndKey(['{"a":1}', '--key', 'k-1'])).toEqual({ body: '{"a":1}', idempotencyKey: 'k-1' });
  expect(bodyAndKey([])).toEqual({ body: undefined, idempotencyKey: undefined });
  expect(() => bodyAndKey(['{a'])).toThrow('not JSON');
});
