import { randomBytes } from 'node:crypto';
import { hashPassword, type KeyPairPem, newEd25519, newTotpSecret } from '@yidian/security';
import type { DemoFile, DemoOperator, PartnerId, ProviderCode } from './demo-file';
import { GUANGDONG, HUBEI } from './branches';
import { settlementProfile } from './settlement-profile';

export interface DemoPlaces {
  /** First business date of every provider, `YYYY-MM-DD`. */
  firstBusinessDate: string;
  /** Where the sandbox listens, e.g. `http://127.0.0.1:4000`. */
  sandboxUrl: string;
  seed: string;
}

/** The name under which the gateway publishes its own signing key. */
export const OUR_KEY_ID = 'yidian_2026';

const COLLECTOR = ['numbers:query', 'payments:collect', 'payments:read', 'reversals:create', 'refunds:create'];

const OPERATORS: { username: string; name: string; nameEn: string; roles: string[]; branch: string | null }[] = [
  { username: 'clerk.a', name: '李明', nameEn: 'Finance maker', roles: ['finance_maker'], branch: null },
  { username: 'clerk.b', name: '王芳', nameEn: 'Finance checker', roles: ['finance_checker'], branch: null },
  { username: 'clerk.c', name: '孙丽', nameEn: 'Second finance checker', roles: ['finance_checker'], branch: null },
  { username: 'ops', name: '赵强', nameEn: 'Operations', roles: ['operations'], branch: null },
  { username: 'audit', name: '陈静', nameEn: 'Auditor', roles: ['auditor'], branch: null },
  { username: 'care', name: '刘洋', nameEn: 'Customer care', roles: ['customer_care'], branch: null },
  { username: 'hubei', name: '胡敏', nameEn: 'Branch finance Hubei', roles: ['branch_finance'], branch: HUBEI },
];

/**
 * Everything a demo installation is made of: the carrier profile that the gateway reads, the settlement profile, the
 * sandbox's own file (private keys, passwords, TOTP secrets) and the partners' key files. Fresh keys at each call: call
 * it once and keep the files (mode 600).
 */
export async function demoProfile(places: DemoPlaces): Promise<{
  profile: object;
  settlementProfile: object;
  demoFile: DemoFile;
  keyFiles: { name: string; content: string }[];
}> {
  const providerKeys = { bank_a: newEd25519(), demo_bank: newEd25519(), demo_shop: newEd25519() };
  const partnerKeys = { demo_bank: newEd25519(), demo_shop: newEd25519() };
  const operators = await Promise.all(OPERATORS.map(makeOperator));
  const profile = {
    providers: providers(places, providerKeys),
    partners: [
      partner('demo_bank', 'Demo Bank', COLLECTOR, partnerKeys.demo_bank.publicKeyPem),
      partner(
        'demo_shop',
        'Demo Shop',
        [...COLLECTOR, 'payments:create', 'agreements:create', 'events:read'],
        partnerKeys.demo_shop.publicKeyPem,
      ),
    ],
    operators: operators.map((operator) => operator.row),
  };
  const logins = operators.map((operator) => operator.login);
  const demoFile = secretsOf(places, providerKeys, partnerKeys, logins);
  const keyFiles = Object.values(demoFile.partners).map(({ keyId, privateKeyPem }) => ({
    name: `${keyId}.pem`,
    content: privateKeyPem,
  }));
  return { profile, settlementProfile: settlementProfile(places.firstBusinessDate), demoFile, keyFiles };
}

/** What only the outside world knows. */
function secretsOf(
  places: DemoPlaces,
  providerKeys: Record<ProviderCode, KeyPairPem>,
  partnerKeys: Record<PartnerId, KeyPairPem>,
  operators: DemoOperator[],
): DemoFile {
  return {
    seed: places.seed,
    firstBusinessDate: places.firstBusinessDate,
    ourKeyId: OUR_KEY_ID,
    smscSecret: randomBytes(32).toString('hex'),
    providers: {
      bank_a: { keyId: 'bank_a_2026', privateKeyPem: providerKeys.bank_a.privateKeyPem },
      demo_bank: { keyId: 'demo_bank_2026', privateKeyPem: providerKeys.demo_bank.privateKeyPem },
      demo_shop: { keyId: 'demo_shop_2026', privateKeyPem: providerKeys.demo_shop.privateKeyPem },
    },
    partners: {
      demo_bank: { keyId: 'test_demo_bank', privateKeyPem: partnerKeys.demo_bank.privateKeyPem },
      demo_shop: { keyId: 'test_demo_shop', privateKeyPem: partnerKeys.demo_shop.privateKeyPem },
    },
    operators,
  };
}

function providers(places: DemoPlaces, keys: Record<ProviderCode, KeyPairPem>): object[] {
  const common = (code: keyof typeof keys) => ({
    code,
    connector: 'bank-direct',
    settings: {
      baseUrl: `${places.sandboxUrl}/providers/${code}`,
      ourKeyId: OUR_KEY_ID,
      theirKeys: [{ keyId: `${code}_2026`, alg: 'ed25519', publicKeyPem: keys[code].publicKeyPem }],
      role: code === 'bank_a' ? 'bank' : 'partner',
    },
    firstBusinessDate: places.firstBusinessDate,
    profile: RECONCILE,
    demo: true,
  });
  return [
    { ...common('bank_a'), nameZh: '甲银行', nameEn: 'Bank A', kind: 'bank' },
    { ...common('demo_bank'), nameZh: '示范银行', nameEn: 'Demo Bank', kind: 'partner' },
    { ...common('demo_shop'), nameZh: '示范商城', nameEn: 'Demo Shop', kind: 'partner' },
  ];
}

/** The demo's day is over when its night runs, so nothing waits for a next statement. */
const RECONCILE = {
  /** This bank books an order within milliseconds of its arrival: half a minute later "not found" is its word. */
  notFoundAfterMs: 25_000,
  waits: { provider_missing: 0 },
  feeTolerancePerLine: '1',
  reversalShows: 'both',
  feeOnRefund: 'kept',
};

function partner(id: string, name: string, scopes: string[], publicKeyPem: string): object {
  const keys = [{ keyId: `test_${id}`, alg: 'ed25519', publicKeyPem }];
  return { id, name, provider: id, acquiringBranch: GUANGDONG, scopes, keys, exposureLimit: null, demo: true };
}

async function makeOperator(who: (typeof OPERATORS)[number]): Promise<{ row: object; login: DemoOperator }> {
  const password = randomBytes(9).toString('base64url');
  const totpSecret = newTotpSecret();
  const { username, name, roles, branch } = who;
  return {
    row: { username, name, roles, branch, passwordHash: await hashPassword(password), totpSecret, demo: true },
    login: { ...who, password, totpSecret },
  };
}
