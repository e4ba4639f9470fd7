import { newEd25519, newSecrets, newTotpSecret, hashPassword, signingKey, type SigningKey } from '@yidian/security';
import { ownRedis, testDatabase, type OwnRedis } from '@yidian/testing';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCOPES } from '../src/access';
import { gatewayConfig, type GatewayConfig } from '../src/gateway.config';
import { schema } from '../src/schema';

export const PASSWORD = 'correct horse battery staple';
export const SHARED_SECRET = Buffer.alloc(32, 7).toString('base64');

export interface TestOperator {
  username: string;
  totpSecret: string;
}

/** A gateway's surroundings: own schema, own Redis, keys, profile. */
export interface Installation {
  config: GatewayConfig;
  redis: OwnRedis;
  /** Signs as the partner of that key id. */
  keys: Record<
    'test_bank' | 'test_hmac' | 'test_rsa' | 'test_shop' | 'test_far' | 'test_all' | 'bank_a_2026',
    SigningKey
  >;
  operators: Record<keyof typeof ROLES, TestOperator>;
  close(): Promise<void>;
}

const ROLES = {
  maker: { roles: ['finance_maker'], branch: null },
  checker: { roles: ['finance_checker'], branch: null },
  ops: { roles: ['operations'], branch: null },
  hubei: { roles: ['branch_finance'], branch: '420000' },
  care: { roles: ['customer_care'], branch: null },
  /** May do everything that one person may do alone: for walking all routes. */
  walker: { roles: ['finance_maker', 'finance_checker', 'operations', 'auditor', 'partner_manager'], branch: null },
} as const;

export interface Ports {
  http: number;
  rpc: number;
  /** Ports of the other services; a closed one when nobody plays them. */
  billing?: number;
  reconciliation?: number;
  settlement?: number;
}

export async function installation(ports: Ports): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), 'yd-gateway-'));
  const database = await testDatabase(schema);
  const redis = await ownRedis();
  const pairs = {
    bank: newEd25519(),
    shop: newEd25519(),
    far: newEd25519(),
    all: newEd25519(),
    provider: newEd25519(),
  };
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rsaPublic = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const operators = await Promise.all(Object.entries(ROLES).map(([name, one]) => operatorRow(name, one)));
  const profile = {
    providers: [
      provider('bank_a', 'bank', pairs.provider.publicKeyPem),
      provider('demo_bank', 'partner', pairs.provider.publicKeyPem),
    ],
    partners: [
      partner('bank', 'demo_bank', BANK_SCOPES, [
        key('test_bank', 'ed25519', pairs.bank.publicKeyPem),
        key('test_hmac', 'hmac-sha256', SHARED_SECRET),
        key('test_rsa', 'rsa-pss-sha512', rsaPublic),
      ]),
      partner(
        'shop',
        null,
        ['numbers:query', 'payments:create', 'payments:read'],
        [key('test_shop', 'ed25519', pairs.shop.publicKeyPem)],
      ),
      partner('all', 'demo_bank', [...SCOPES], [key('test_all', 'ed25519', pairs.all.publicKeyPem)]),
      {
        ...partner('far', null, ['payments:read'], [key('test_far', 'ed25519', pairs.far.publicKeyPem)]),
        addresses: ['192.0.2.0/24'],
      },
    ],
    operators: operators.map((one) => one.row),
  };
  const place = (name: string, content: object) => {
    writeFileSync(join(folder, name), JSON.stringify(content), { mode: 0o600 });
    return join(folder, name);
  };
  const config = gatewayConfig({
    MODE: 'test',
    HTTP_PORT: String(ports.http),
    RPC_PORT: String(ports.rpc),
    PUBLIC_URL: `http://127.0.0.1:${ports.http}`,
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    BILLING_RPC: `127.0.0.1:${ports.billing ?? 9}`,
    RECONCILIATION_RPC: `127.0.0.1:${ports.reconciliation ?? 9}`,
    SETTLEMENT_RPC: `127.0.0.1:${ports.settlement ?? 9}`,
    DATA_DIR: folder,
    PROFILE: place('profile.json', profile),
    SECRETS_FILE: place('secrets.json', newSecrets('yidian_test')),
    SMSC_URL: 'http://127.0.0.1:9/smsc/mt',
    SMSC_SECRET: 'sms-secret-of-the-test',
    SMS_GET_KEY: 'get-key-of-the-test',
    LOG_LEVEL: 'silent',
  });
  const totp = (name: string) => operators.find((one) => one.row.username === name)?.row.totpSecret ?? '';
  const named = Object.keys(ROLES).map((name) => [name, { username: name, totpSecret: totp(name) }]);
  return {
    config,
    redis,
    keys: {
      test_bank: signingKey('test_bank', 'ed25519', pairs.bank.privateKeyPem),
      test_shop: signingKey('test_shop', 'ed25519', pairs.shop.privateKeyPem),
      test_far: signingKey('test_far', 'ed25519', pairs.far.privateKeyPem),
      bank_a_2026: signingKey('bank_a_2026', 'ed25519', pairs.provider.privateKeyPem),
      test_all: signingKey('test_all', 'ed25519', pairs.all.privateKeyPem),
      test_rsa: {
        keyId: 'test_rsa',
        alg: 'rsa-pss-sha512',
        key: rsa.privateKey,
      },
      test_hmac: signingKey('test_hmac', 'hmac-sha256', SHARED_SECRET),
    },
    operators: Object.fromEntries(named) as Installation['operators'],
    close: async () => {
      await redis.stop();
      await database.close();
    },
  };
}

const BANK_SCOPES = [
  'numbers:query',
  'payments:collect',
  'payments:read',
  'reversals:create',
  'refunds:create',
  'agreements:create',
];

async function operatorRow(username: string, one: { roles: readonly string[]; branch: string | null }) {
  const totpSecret = newTotpSecret();
  return {
    row: { username, name: '李明', ...one, passwordHash: await hashPassword(PASSWORD), totpSecret, demo: true },
  };
}

const key = (keyId: string, alg: string, publicKeyPem: string) => ({ keyId, alg, publicKeyPem });

function partner(id: string, provider: string | null, scopes: string[], keys: object[]) {
  return { id, name: id, provider, acquiringBranch: '440000', scopes, keys, exposureLimit: null, demo: true };
}

function provider(code: string, kind: string, theirPublicKeyPem: string) {
  return {
    code,
    nameZh: '甲银行',
    nameEn: 'Bank A',
    kind,
    connector: 'bank-direct',
    settings: {
      baseUrl: 'http://127.0.0.1:9/providers/x',
      ourKeyId: 'yidian_test',
      theirKeys: [{ keyId: `${code}_2026`, alg: 'ed25519', publicKeyPem: theirPublicKeyPem }],
      role: kind,
    },
    firstBusinessDate: '2026-11-22',
    profile: {},
    demo: true,
  };
}
