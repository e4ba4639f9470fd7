import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { newEd25519, type SignatureAlgorithm } from '@yidian/security';
import { GUANGDONG } from '../../../sandbox/src/demo/branches';

/** One partner of the benchmark: an ordinary collector whose rate limit is out of the way. */
export interface BenchPartner {
  keyId: string;
  alg: SignatureAlgorithm;
  /** What the partner signs with: private key, or the shared secret. */
  material: string;
}

const SCOPES = ['payments:collect', 'payments:read'];
const CALLS_PER_SECOND = 100_000;

/** Adds the three partners to the carrier profile that the gateway will read. */
export function addBenchPartners(profilePath: string): Record<'hmac' | 'ed25519' | 'rsa', BenchPartner> {
  const secret = randomBytes(32).toString('base64');
  const edwards = newEd25519();
  const rsa = newRsa();
  const profile = JSON.parse(readFileSync(profilePath, 'utf8')) as { partners: object[] };
  profile.partners.push(
    partner('bench_hmac', 'hmac-sha256', secret),
    partner('bench_ed25519', 'ed25519', edwards.publicKeyPem),
    partner('bench_rsa', 'rsa-pss-sha512', rsa.publicKeyPem),
  );
  writeFileSync(profilePath, JSON.stringify(profile, null, 2), { mode: 0o600 });
  return {
    hmac: { keyId: 'test_bench_hmac', alg: 'hmac-sha256', material: secret },
    ed25519: { keyId: 'test_bench_ed25519', alg: 'ed25519', material: edwards.privateKeyPem },
    rsa: { keyId: 'test_bench_rsa', alg: 'rsa-pss-sha512', material: rsa.privateKeyPem },
  };
}

const partner = (id: string, alg: SignatureAlgorithm, publicKeyPem: string): object => ({
  id,
  name: `Benchmark ${alg}`,
  provider: 'demo_bank',
  acquiringBranch: GUANGDONG,
  scopes: SCOPES,
  keys: [{ keyId: `test_${id}`, alg, publicKeyPem }],
  exposureLimit: null,
  callsPerSecond: CALLS_PER_SECOND,
  demo: true,
});

function newRsa(): { privateKeyPem: string; publicKeyPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return {
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}
