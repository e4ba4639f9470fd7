import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { withSchema } from '@yidian/database';
import { DateTime } from 'luxon';
import { ensureDemoFiles } from '../../platform/demo-files';
import { at } from '../../platform/environment';
import { preparePlatform } from '../../platform/launch';
import type { Platform } from '../../platform/platform';
import { choosePorts, type Ports } from '../../platform/ports';
import { inStep } from '../../platform/progress';
import { newOrderBook, type Around } from './around';
import type { Door, OrderBook } from './generator/door';
import type { KilledService, Mode } from './options';
import { addBenchPartners } from './partners';
import { benchSubscribers, registerSubscribers, type RegisteredSubscriber } from './subscribers';

/** The four services as processes of the production build, with partners and subscribers; the sandbox is not needed. */
export interface TopupPlatform {
  platform: Platform;
  ports: Ports;
  doors: Record<Mode, Door>;
  subscribers: RegisteredSubscriber[];
  book: OrderBook;
  /** An administrator's URLs into the two schemas that the checker reads. */
  gatewaySchema: string;
  billingSchema: string;
  /** Where the profiler writes, when one service runs under it. */
  profileFile: string;
}

const PREFIX = 'bench';
const SERVICES = ['billing', 'settlement', 'reconciliation', 'gateway'] as const;
export const PORT_BASE = 4_400;
const BULK_ITEMS = 500;

export async function startTopupPlatform(around: Around): Promise<TopupPlatform> {
  const { root, screen, session, servers, options } = around;
  const { places, adminUrl, redisUrl } = servers;
  const { ports } = await session.part(() => choosePorts(PORT_BASE));
  const today = DateTime.now().setZone('Asia/Shanghai').toFormat('yyyy-MM-dd');
  const demo = await ensureDemoFiles(places, at(ports.sandbox), { seed: PREFIX, firstBusinessDate: today });
  const keys = addBenchPartners(demo.profile);
  const profileFile = profileFileOf(root, options.profile);
  const under = options.profile;
  const { platform } = await session.part(() =>
    preparePlatform({
      places,
      ports,
      adminUrl,
      redisUrl,
      prefix: PREFIX,
      screen,
      logLevel: 'info',
      programs: SERVICES,
      tell: (text) => screen.say(`   ${text}`),
      changed: () => servers.note(platform.running()),
      ...(under
        ? {
            nodeArgs: { [under]: ['--require', join(root, 'dist/tools/bench/stage/profile-on-signal.js')] },
            extra: { [under]: { PROFILE_INTO: profileFile } },
          }
        : {}),
    }),
  );
  session.add(() => platform.stop());
  await session.part(() =>
    inStep(
      screen,
      'services',
      (step) => platform.start((text) => step.note(text)),
      () => SERVICES.join(' '),
    ),
  );
  const subscribers = await session.part(() =>
    inStep(
      screen,
      'subscribers',
      (step) => registerSubscribers(ports.billingRpc, benchSubscribers(options.subscribers), step),
      ({ length }) => `${length} numbers in 31 branches`,
    ),
  );
  return {
    platform,
    ports,
    doors: doorsOf(ports, keys),
    subscribers,
    book: newOrderBook(subscribers),
    gatewaySchema: withSchema(adminUrl, `${PREFIX}_gateway`),
    billingSchema: withSchema(adminUrl, `${PREFIX}_billing`),
    profileFile,
  };
}

function doorsOf(ports: Ports, keys: ReturnType<typeof addBenchPartners>): Record<Mode, Door> {
  const at = { host: '127.0.0.1', port: ports.gateway };
  const payments = { ...at, path: '/v1/payments', perRequest: 1 };
  return {
    hmac: { ...payments, name: 'HMAC', key: keys.hmac },
    ed25519: { ...payments, name: 'Ed25519', key: keys.ed25519 },
    rsa: { ...payments, name: 'RSA-PSS', key: keys.rsa },
    bulk: { ...at, name: 'bulk', path: '/v1/payments/bulk', perRequest: BULK_ITEMS, key: keys.hmac },
  };
}

/** Outside the folder that is emptied at the end. */
function profileFileOf(root: string, service: KilledService | undefined): string {
  const folder = join(root, '.data', 'profiles');
  if (service) mkdirSync(folder, { recursive: true });
  return join(folder, `${service ?? 'none'}.cpuprofile`);
}
