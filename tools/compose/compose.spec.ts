import { existsSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { z } from 'zod';
import { SMPP_SYSTEM_ID } from '../../sandbox/src/smsc/smpp-account';

/**
 * No container engine runs where this is tested, so the files are compared with what they name: build stages, programs,
 * variables, ports, folders. Where a docker client with compose is installed, its own check runs as well.
 */
const root = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const service = z.object({
  image: z.string(),
  build: z.object({ context: z.string(), target: z.string() }).optional(),
  command: z.array(z.string()),
  environment: z.record(z.string(), z.string()).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string(), required: z.boolean().optional() })).optional(),
  profiles: z.array(z.string()).optional(),
});
const composeFile = z.object({
  name: z.string(),
  services: z.record(z.string(), service.loose()),
  volumes: z.record(z.string(), z.unknown()),
});

const compose = composeFile.parse(load(read('docker-compose.yml'), { schema: CORE_SCHEMA.withTags(mergeTag) }));
const services = Object.entries(compose.services);
const own = services.filter(([, each]) => each.build !== undefined);
const dockerfile = read('Dockerfile');

/** Variables that a program's configuration knows, and those it cannot do without. */
function variablesOf(source: string): { known: Set<string>; required: Set<string> } {
  const body = source.slice(source.indexOf('z.object({'));
  const entries = body.split(/^ {2}(?=[A-Z][A-Z0-9_]+:)/m).slice(1);
  const known = entries.map((entry) => ({
    name: entry.slice(0, entry.indexOf(':')),
    schema: entry.split(/^\}\)/m)[0],
  }));
  const optional = /optional\(\)|default\(|milliseconds\(/;
  return {
    known: new Set(known.map(({ name }) => name)),
    required: new Set(known.filter(({ schema }) => !optional.test(schema ?? '')).map(({ name }) => name)),
  };
}

const CONFIGS: Record<string, string> = {
  gateway: 'apps/gateway/src/gateway.config.ts',
  billing: 'apps/billing/src/billing.config.ts',
  reconciliation: 'apps/reconciliation/src/reconciliation.config.ts',
  settlement: 'apps/settlement/src/settlement.config.ts',
  sandbox: 'sandbox/src/sandbox.config.ts',
  migrate: 'tools/migrate/migrate.config.ts',
  'demo-files': 'tools/demo-files/demo-files.config.ts',
  'demo-people': 'tools/demo-files/people.config.ts',
};

it('builds stages that the Dockerfile has, from files that are there', () => {
  const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, stage]) => stage);
  for (const [, each] of own) expect(stages).toContain(each.build?.target);
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths]) =>
    (paths ?? '').split(' '),
  );
  for (const path of copied) expect({ path, there: existsSync(join(root, path)) }).toEqual({ path, there: true });
  for (const [, stage] of dockerfile.matchAll(/--from=(\S+)/g)) expect(stages).toContain(stage);
  expect(dockerfile).toMatch(/^USER node$/m);
  expect(dockerfile).toMatch(/^HEALTHCHECK /m);
});

it('does not keep out of the build what the Dockerfile copies', () => {
  const allowed = read('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths]) =>
    (paths ?? '').split(' '),
  );
  for (const path of copied) expect(allowed.some((entry) => path === entry || path.startsWith(`${entry}/`))).toBe(true);
});

it.each(own)('%s runs a program that the build makes', (_name, each) => {
  const program = each.command.at(-1) ?? '';
  expect(program).toMatch(/^dist\/.+\.js$/);
  expect(existsSync(join(root, program.replace(/^dist\//, '').replace(/\.js$/, '.ts')))).toBe(true);
});

it.each(own)('%s is given exactly variables that it knows, and all that it needs', (name, each) => {
  const { known, required } = variablesOf(read(CONFIGS[name] ?? ''));
  const given = Object.keys(each.environment ?? {});
  const allowed = ['GATEWAY_RPC', 'BILLING_RPC', 'RECONCILIATION_RPC', 'SETTLEMENT_RPC'];
  expect(given.filter((variable) => !known.has(variable) && !allowed.includes(variable))).toEqual([]);
  expect([...required].filter((variable) => !given.includes(variable))).toEqual([]);
});

it('takes from the environment only what .env.example shows', () => {
  const shown = new Set([...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name));
  const used = [...read('docker-compose.yml').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name);
  expect(used.filter((name) => !shown.has(name))).toEqual([]);
  expect([...shown].filter((name) => !used.includes(name))).toEqual([]);
});

it('publishes ports that the service listens on, on this machine only', () => {
  for (const [, each] of services) {
    for (const port of each.ports ?? []) {
      const [address, outside, inside] = port.split(':');
      expect(address).toBe('127.0.0.1');
      expect(outside).toBe(inside);
      expect(each.environment?.['HTTP_PORT']).toBe(inside);
    }
  }
});

it('names each other service by its own RPC port', () => {
  for (const [, each] of own) {
    for (const [variable, value] of Object.entries(each.environment ?? {})) {
      const called = /^(GATEWAY|BILLING|RECONCILIATION|SETTLEMENT)_RPC$/.exec(variable)?.[1]?.toLowerCase();
      if (!called) continue;
      expect(value).toBe(`${called}:${compose.services[called]?.environment?.['RPC_PORT'] ?? 'no port'}`);
    }
  }
});

it('binds to the message centre where the sandbox has it, with the same password', () => {
  const { SMPP_PORT: port = '', SMPP_PASSWORD: password = '' } = compose.services['sandbox']?.environment ?? {};
  const url = compose.services['gateway']?.environment?.['SMPP_URL']?.replace(/:\?[^}]*\}/, '}');
  expect(url).toBe(`smpp://${SMPP_SYSTEM_ID}:${password}@sandbox:${port}`);
  const [, shown] = /^SMPP_PASSWORD=(.*)$/m.exec(read('.env.example')) ?? [];
  expect(shown).toMatch(/^[!-~]{1,8}$/);
});

it('waits only for services that exist, and mounts only volumes that are declared', () => {
  for (const [, each] of services) {
    for (const [name, { condition }] of Object.entries(each.depends_on ?? {})) {
      expect(Object.keys(compose.services)).toContain(name);
      expect(['service_healthy', 'service_completed_successfully']).toContain(condition);
    }
    for (const volume of each.volumes ?? []) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
  }
});

it('keeps the database durable, as the services demand at readiness', () => {
  const command = compose.services['mysql']?.command ?? [];
  expect(command).toEqual(
    expect.arrayContaining(['--log-bin=binlog', '--sync-binlog=1', '--innodb-flush-log-at-trx-commit=1']),
  );
});

it('shows the sandbox only with its profile', () => {
  const hidden = services.filter(([, each]) => each.profiles?.includes('sandbox')).map(([name]) => name);
  expect(hidden.sort()).toEqual(['demo-files', 'demo-people', 'sandbox']);
});

const client = spawnSync('docker', ['compose', 'version'], { encoding: 'utf8' });
const withClient = client.status === 0 ? it : it.skip; // skipped where no docker client is installed to ask
withClient('passes docker compose config', () => {
  const args = ['compose', '--env-file', '.env.example', '--profile', 'sandbox', 'config', '--quiet'];
  const checked = spawnSync('docker', args, { cwd: root, encoding: 'utf8' });
  expect({ code: checked.status, said: checked.stderr }).toEqual({ code: 0, said: '' });
});
