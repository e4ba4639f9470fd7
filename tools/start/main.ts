import { preparePlatform, startHealthy } from '../platform/launch';
import { makePlaces, placesOf, type Places } from '../platform/places';
import type { Platform } from '../platform/platform';
import { choosePorts, type Ports } from '../platform/ports';
import { inStep, type Screen } from '../platform/progress';
import { clearStaleRun, forgetRun, writeRun } from '../platform/run-file';
import { seedSubscribers } from '../platform/seed-subscribers';
import { openServers, type Servers } from '../platform/servers';
import { verifyBooks } from '../platform/verify-books';
import { playDemoDay } from './demo-day';
import { noteInstallation, readInstallation } from './installation';
import { Session } from '../platform/session';
import { startConfig } from './start.config';

export interface StartOptions {
  root: string;
  screen: Screen;
  /** End after the demo day, with exit code 0 only when the books balance. */
  exit: boolean;
  demo: boolean;
}

type Config = ReturnType<typeof startConfig>;

/** Everything of `npm start` after the build. Returns only by ending the process, or by throwing with nothing left running. */
export async function run(options: StartOptions): Promise<void> {
  const { screen, exit } = options;
  const config = startConfig();
  const places = placesOf(options.root);
  const session = new Session(() => screen.say('\n stopping …'));
  try {
    makePlaces(places);
    const left = await clearStaleRun(places.runFile);
    if (left.length > 0) screen.say(`   stopped what a killed start had left behind: ${left.join(', ')}`);
    session.add(() => Promise.resolve(forgetRun(places.runFile)));
    const platform = await bringUp(options, config, places, session);
    const balanced = await session.part(() => demoPart(options, config, places, platform));
    if (exit) {
      await session.stop();
      process.exit(balanced ? 0 : 1);
    }
    screen.say();
    screen.say(` ▶ Open ${platform.sandboxUrl}     everything is one click from there      Ctrl-C stops all`);
  } catch (error) {
    await session.stop();
    throw error;
  }
}

async function bringUp({ screen }: StartOptions, config: Config, places: Places, session: Session): Promise<Platform> {
  const ports = await freePorts(config.PORT_BASE, screen);
  const given = { databaseUrl: config.DATABASE_URL, redisUrl: config.REDIS_URL };
  const servers = await session.part(() => openServers(places, given, screen, session.signal));
  session.add(() => servers.stop());
  const note = (platform?: Platform) => writeRun(places.runFile, runOf(ports, servers, platform));
  note();
  const { platform, demo } = await session.part(() =>
    preparePlatform({
      places,
      ports,
      screen,
      adminUrl: servers.adminUrl,
      redisUrl: servers.redisUrl,
      prefix: 'yidian',
      logLevel: config.LOG_LEVEL,
      tell: (text) => screen.say(`   ${text} (see .data/logs)`),
      changed: () => note(platform),
    }),
  );
  session.add(() => platform.stop());
  await session.part(() => startHealthy(platform, screen));
  const { seed } = demo.demo;
  if (!readInstallation(places).subscribersSeeded) {
    await session.part(() =>
      inStep(
        screen,
        'people',
        (step) => seedSubscribers({ host: '127.0.0.1', port: ports.billingRpc }, seed, step),
        (count) => `${count} subscribers in 31 branches`,
      ),
    );
    noteInstallation(places, { subscribersSeeded: true });
  }
  return platform;
}

async function freePorts(base: number, screen: Screen): Promise<Ports> {
  const { ports, moved } = await choosePorts(base);
  if (moved.length > 0)
    screen.say(`   taken ports: ${moved.map((name) => `${name} moved to ${ports[name]}`).join(', ')}`);
  return ports;
}

function runOf(ports: Ports, servers: Servers, platform?: Platform) {
  return {
    address: `http://127.0.0.1:${ports.sandbox}`,
    starter: { name: 'start', pid: process.pid, marker: 'tools/start/start.mjs' },
    children: [...servers.children, ...(platform?.running() ?? [])],
  };
}

/** Plays the demo day unless it was played, and asks the ledgers themselves whether the books balance. */
async function demoPart(
  { screen, demo, exit }: StartOptions,
  config: Config,
  places: Places,
  platform: Platform,
): Promise<boolean> {
  let ok = true;
  if (demo && !readInstallation(places).demoDone) {
    ok = await playDemoDay(platform.sandboxUrl, screen, { payments: config.DEMO_PAYMENTS });
    if (ok) noteInstallation(places, { demoDone: true });
  }
  if (!exit) return ok;
  const books = await verifyBooks(platform.ports);
  for (const check of books.checks.filter((each) => !each.ok)) screen.say(`   ✘ ${check.name}: ${check.detail}`);
  screen.say(books.ok ? ' ✔ the books balance' : ' ✘ the books do not balance');
  return books.ok && ok;
}
