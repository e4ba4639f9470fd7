import { Test, type TestingModule } from '@nestjs/testing';
import { Problem } from '@yidian/errors';
import { totpCode } from '@yidian/security';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installation, PASSWORD, type Installation } from '../../test/installation';
import { DB, REDIS, type Db, type Redis } from '../platform';
import { PlatformModule } from '../platform.module';
import { AccessModule } from './access.module';
import { CustomerCodes } from './customer-codes';
import { CustomerSessions } from './customer-sessions';
import { EPOCH_KEY, shareOf, type GateRequest } from './gate-script';
import { NonceGate } from './nonce-gate';
import { OperatorSessions } from './operator-sessions';
import { addressAllowed, addressList, Partners } from './partners';
import { readProfile } from './profile';
import { lockSeconds, SignInOperator } from './sign-in-operator';

let place: Installation;
let app: TestingModule;

beforeAll(async () => {
  place = await installation({ http: 0, rpc: 0 });
  app = await Test.createTestingModule({ imports: [PlatformModule.with(place.config), AccessModule] }).compile();
  await app.init();
});
afterAll(async () => {
  await app.close();
  await place.close();
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'passed';
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

describe('operators', () => {
  const at = Date.UTC(2026, 10, 22, 4);
  const minute = (n: number) => new Date(at + n * 60_000);
  const enter = (who: keyof Installation['operators'], now: Date, password = PASSWORD, shift = 0) =>
    codeOf(
      app
        .get(SignInOperator)
        .execute(who, password, totpCode(place.operators[who].totpSecret, now.getTime() + shift), now),
    );

  test('password and a code that is good once', async () => {
    expect(await enter('maker', minute(0))).toBe('passed');
    expect(await enter('maker', minute(0))).toBe('sign_in_failed');
    expect(await enter('maker', minute(0), PASSWORD, -30_000)).toBe('sign_in_failed');
    expect(await enter('maker', minute(0), PASSWORD, 30_000)).toBe('passed');
  });

  test('a wrong password, an unknown name and a wrong code are told apart by nobody', async () => {
    expect(await enter('checker', minute(0), 'wrong')).toBe('sign_in_failed');
    const signIn = app.get(SignInOperator);
    expect(await codeOf(signIn.execute('nobody', PASSWORD, '123456', minute(0)))).toBe('sign_in_failed');
    expect(await codeOf(signIn.execute('checker', PASSWORD, '', minute(0)))).toBe('sign_in_failed');
  });

  test('five failures lock the name for a while, the right password included', async () => {
    for (let n = 0; n < 5; n++) expect(await enter('ops', minute(n), 'wrong')).toBe('sign_in_failed');
    expect(await enter('ops', new Date(minute(4).getTime() + 1_000))).toBe('rate_limited');
    expect(await enter('ops', minute(6))).toBe('passed');
    expect([4, 5, 6, 9, 30].map(lockSeconds)).toEqual([0, 30, 60, 480, 900]);
  });

  test('a session ends when it idles, when its time is up, and when its owner says so', async () => {
    const sessions = app.get(OperatorSessions);
    const token = ((await sessions.open('hubei', minute(0))).split(';')[0] ?? '').replace('yd_operator=', '');
    expect(await sessions.find(token, minute(20))).toMatchObject({
      username: 'hubei',
      branch: '420000',
      roles: ['branch_finance'],
    });
    expect(await sessions.find(token, minute(49))).toBeDefined();
    expect(await sessions.find(token, minute(80))).toBeUndefined();
    expect(await sessions.find('made-up', minute(20))).toBeUndefined();
    expect(await sessions.end(token)).toContain('Max-Age=0');
    expect(await sessions.find(token, minute(50))).toBeUndefined();
    const stored = await app.get<Db>(DB).select('SELECT token_hash FROM operator_session');
    expect(JSON.stringify(stored)).not.toContain(token);
  });
});

describe('customers', () => {
  const number = '13800001234';
  const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 5) + seconds * 1000);

  test('a code is good once, for five minutes, for five tries', async () => {
    const codes = app.get(CustomerCodes);
    const code = await codes.create(number, at(0));
    expect(code).toMatch(/^\d{6}$/);
    expect(await codeOf(codes.check('13900000000', code, at(1)))).toBe('sign_in_failed');
    expect(await codeOf(codes.check(number, code, at(1)))).toBe('passed');
    expect(await codeOf(codes.check(number, code, at(2)))).toBe('sign_in_failed');
    const late = await codes.create(number, at(10));
    expect(await codeOf(codes.check(number, late, at(311)))).toBe('sign_in_failed');
    const guessed = await codes.create(number, at(400));
    const wrong = guessed === '000000' ? '111111' : '000000';
    for (let n = 0; n < 5; n++) expect(await codeOf(codes.check(number, wrong, at(401)))).toBe('sign_in_failed');
    expect(await codeOf(codes.check(number, guessed, at(402)))).toBe('sign_in_failed');
  });

  test('codes are not sent without end', async () => {
    const codes = app.get(CustomerCodes);
    expect(await codeOf(codes.create('13700000000', at(0)))).toBe('passed');
    expect(await codeOf(codes.create('13700000000', at(1)))).toBe('rate_limited');
    for (let n = 1; n < 20; n++) expect(await codeOf(codes.create('13700000000', at(n * 10)))).toBe('passed');
    expect(await codeOf(codes.create('13700000000', at(300)))).toBe('rate_limited');
    expect(await codeOf(codes.create('13700000000', at(3_700)))).toBe('passed');
  });

  test('the number is sealed in the row', async () => {
    const sessions = app.get(CustomerSessions);
    const token = ((await sessions.open(number, at(0))).split(';')[0] ?? '').replace('yd_portal=', '');
    expect(await sessions.find(token, at(60))).toMatchObject({ kind: 'customer', msisdn: number });
    expect(await sessions.find(token, at(3_600))).toBeUndefined();
    const db = app.get<Db>(DB);
    const rows = [await db.select('SELECT * FROM portal_session'), await db.select('SELECT * FROM portal_code')];
    expect(JSON.stringify(rows)).not.toContain(number);
  });
});

describe('nonces and rates', () => {
  const now = () => Math.floor(Date.now() / 1000);
  let serial = 0;
  const request = (more: Partial<GateRequest> = {}): GateRequest => ({
    share: shareOf(`p${++serial}`, 'calls', { perSecond: 10, burst: 20 }),
    keyId: 'test_bank',
    nonce: `nonce-${serial}`,
    created: now() + 10,
    guarded: false,
    ...more,
  });

  test('a nonce is good once per key', async () => {
    const gate = app.get(NonceGate);
    const first = request();
    expect(await gate.pass(first)).toEqual({ limit: 20, remaining: 19 });
    expect(await codeOf(gate.pass(first))).toBe('nonce_reused');
    expect(await codeOf(gate.pass({ ...first, keyId: 'test_hmac' }))).toBe('passed');
  });

  test('a partner has its share, and a refused call does not use its nonce up', async () => {
    const gate = app.get(NonceGate);
    const rate = { perSecond: 0.5, burst: 2 };
    const share = shareOf('greedy', 'calls', rate);
    expect(await codeOf(gate.pass(request({ share })))).toBe('passed');
    expect(await codeOf(gate.pass(request({ share: shareOf('greedy', 'calls', rate) })))).toBe('passed');
    const third = request({ share });
    expect(await codeOf(gate.pass(third))).toBe('rate_limited');
    expect(await codeOf(gate.pass({ ...third, share: shareOf('greedy', 'numbers', rate) }))).toBe('passed');
    expect(await codeOf(gate.pass(request({ share: shareOf('modest', 'calls', rate) })))).toBe('passed');
  });

  test('calls that arrive together are judged together, and no differently', async () => {
    const gate = app.get(NonceGate);
    const share = shareOf('many', 'calls', { perSecond: 0.5, burst: 30 });
    const twice = request();
    const others = Array.from({ length: 40 }, () => request({ share }));
    const codes = await Promise.all([twice, ...others, twice].map((one) => codeOf(gate.pass(one))));
    expect([codes[0], codes.at(-1)]).toEqual(['passed', 'nonce_reused']);
    expect(codes.slice(1, -1)).toEqual([
      ...Array.from({ length: 30 }, () => 'passed'),
      ...Array.from({ length: 10 }, () => 'rate_limited'),
    ]);
  });

  test('a Redis that has forgotten the script is told it again', async () => {
    await app.get<Redis>(REDIS).script('FLUSH');
    expect(await codeOf(app.get(NonceGate).pass(request()))).toBe('passed');
  });

  test('after a wipe, signatures made before it are refused, and replays stay closed', async () => {
    const gate = app.get(NonceGate);
    const redis = app.get<Redis>(REDIS);
    const seen = request({ created: now() });
    await redis.set(EPOCH_KEY, 0);
    expect(await codeOf(gate.pass(seen))).toBe('passed');
    await redis.flushdb();
    expect(await codeOf(gate.pass(seen))).toBe('signature_expired');
    expect(await codeOf(gate.pass(request({ created: now() - 1 })))).toBe('signature_expired');
    expect(await codeOf(gate.pass(request({ created: now() + 2 })))).toBe('passed');
  });
});

describe('partners', () => {
  test('several keys at once, and an ended one is gone at once', async () => {
    const partners = app.get(Partners);
    const [a, b] = [await partners.findKey('test_bank'), await partners.findKey('test_hmac')];
    expect([a?.partner.id, b?.partner.id]).toEqual(['bank', 'bank']);
    expect(await partners.endKey('test_hmac', new Date())).toBe(true);
    expect(await partners.findKey('test_hmac', Date.now() + 1)).toBeUndefined();
    expect(await partners.findKey('test_bank')).toBeDefined();
    expect(await partners.endKey('nobody', new Date())).toBe(false);
  });

  test('a shared secret is sealed in its row', async () => {
    const rows = await app.get<Db>(DB).select("SELECT material FROM partner_key WHERE alg = 'hmac-sha256'");
    expect(JSON.stringify(rows)).not.toContain(Buffer.alloc(32, 7).toString('base64').slice(0, 20));
  });

  test.each<[string[], string, boolean]>([
    [[], '203.0.113.9', true],
    [['203.0.113.9'], '203.0.113.9', true],
    [['203.0.113.0/24'], '203.0.113.9', true],
    [['203.0.113.0/24'], '::ffff:203.0.113.9', true],
    [['203.0.113.0/24'], '198.51.100.1', false],
    [['2001:db8::/32'], '2001:db8::1', true],
    [['2001:db8::/32'], '203.0.113.9', false],
  ])('%j admits %s: %s', (list, address, expected) => {
    const allowed = addressList(list);
    expect(allowed === null || addressAllowed(allowed, address)).toBe(expected);
  });
});

describe('carrier profile', () => {
  const write = (content: object): string => {
    const path = join(place.config.DATA_DIR, `profile-${Math.random()}.json`);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const partner = { id: 'x', name: 'X', acquiringBranch: '440000', scopes: ['payments:read'] };
  const key = (keyId: string) => ({ keyId, alg: 'ed25519', publicKeyPem: 'PEM' });

  test('live mode refuses demo entries and test keys with one sentence', async () => {
    await expect(readProfile(place.config.PROFILE, true)).rejects.toThrow(
      'Live mode refuses to start: provider bank_a of the carrier profile is a demo entry.',
    );
    const foreign = write({
      providers: [],
      operators: [],
      partners: [{ ...partner, id: 'xx', keys: [key('test_x')] }],
    });
    await expect(readProfile(foreign, true)).rejects.toThrow('holds a key of the other mode: test_x');
  });

  test('a fault names its place, never a value', async () => {
    const path = write({
      providers: [],
      partners: [],
      operators: [{ username: 'clerk', totpSecret: 'SECRETSECRETSECRET' }],
    });
    const error: unknown = await readProfile(path, false).catch((e: unknown) => e);
    expect(String(error)).toContain('operators.0.name');
    expect(String(error)).not.toContain('SECRETSECRET');
  });
});
