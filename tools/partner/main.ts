import { newEd25519 } from '@yidian/security';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findGateway } from '../api/find-gateway';
import { PlainError } from '../platform/progress';
import { addPartner, type NewPartner } from './carrier-profile';
import { reloadProfile } from './reload-profile';

const USAGE = `npm run partner -- new "My Bank" --scopes payments:collect,numbers:query [--branch 440000] [--collects-as demo_bank]
Makes an Ed25519 key pair, adds the partner to the demo's carrier profile, tells the running gateway, writes .data/partner.env.`;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

export async function main(args: string[], root: string): Promise<number> {
  const [verb, name] = args;
  if (verb !== 'new' || !name || name.startsWith('--')) {
    say(USAGE);
    return 1;
  }
  const demo = join(root, '.data', 'demo');
  if (!existsSync(join(demo, 'profile.json')))
    throw new PlainError('There is no demo installation here: run `npm start` first.');
  const pair = newEd25519();
  const partner = partnerOf(name, args, pair.publicKeyPem);
  addPartner(join(demo, 'profile.json'), partner);
  const keyFile = writeKey(root, partner.keyId, pair.privateKeyPem);
  const gateway = await findGateway(root).catch(() => undefined);
  if (gateway) await reloadProfile(gateway, join(demo, 'demo.json'));
  const env = [
    `# ${name}: scopes ${partner.scopes.join(', ')}. The private key never leaves this machine.`,
    `YIDIAN_URL=${gateway ?? 'http://127.0.0.1:4001'}`,
    `YIDIAN_KEY_ID=${partner.keyId}`,
    'YIDIAN_ALG=ed25519',
    `YIDIAN_KEY_FILE=${keyFile}`,
    '',
  ].join('\n');
  writeFileSync(join(root, '.data', 'partner.env'), env, { mode: 0o600 });
  say(
    `Partner ${partner.id} with key ${partner.keyId}; .data/partner.env, which \`npm run api\` uses from now on:\n\n${env}`,
  );
  say(`Public key, which is all that the platform knows:\n${pair.publicKeyPem}`);
  say(
    gateway
      ? 'The gateway knows it already. Try:'
      : 'The gateway is not running; it reads the profile when it starts. Then:',
  );
  say(`  npm run api -- POST /v1/number_queries '{"number":"13900000000"}'`);
  return 0;
}

function partnerOf(name: string, args: readonly string[], publicKeyPem: string): NewPartner {
  const option = (flag: string) => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined);
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  if (!/^[a-z][a-z0-9_]{1,30}$/.test(id))
    throw new PlainError(`"${name}" gives no usable id: begin with a Latin letter.`);
  const scopes = (option('--scopes') ?? 'numbers:query,payments:read').split(',').map((one) => one.trim());
  const collects = scopes.includes('payments:collect');
  return {
    id,
    name,
    keyId: `test_${id}`,
    publicKeyPem,
    scopes: [...new Set([...scopes, 'payments:read', 'events:read'])],
    acquiringBranch: option('--branch') ?? '440000',
    provider: collects ? (option('--collects-as') ?? 'demo_bank') : null,
  };
}

function writeKey(root: string, keyId: string, privateKeyPem: string): string {
  const folder = join(root, '.data', 'demo', 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${keyId}.pem`);
  if (existsSync(path) && readFileSync(path, 'utf8') !== '') throw new PlainError(`${path} is there already.`);
  writeFileSync(path, privateKeyPem, { mode: 0o600 });
  return path;
}
