import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../platform/chromium';
import { placesOf, type Places } from '../platform/places';
import { inStep, PlainError, type Screen } from '../platform/progress';
import { clearStaleRun, writeRun } from '../platform/run-file';
import { openServers } from '../platform/servers';
import { Session } from '../platform/session';
import { CHECKS, type Check } from './checks';
import { runNode } from './command';
import { testConfig } from './test.config';
import { runJest, type JestRun, type Tally } from './jest-run';

interface TestOptions {
  root: string;
  screen: Screen;
  /** Only what needs no platform: format, lint, types, law, unit and store tests. */
  quick: boolean;
}

interface Around extends TestOptions {
  /** Everything the tests write, logs included. */
  work: string;
  places: Places;
  session: Session;
  failures: string[];
  tally: Tally;
}

const UNIT: JestRun = { name: 'unit and store', config: 'jest.config.js' };
const END_TO_END: JestRun = { name: 'end to end', config: 'jest.e2e.config.js' };

/** All checks, cheapest first. Each runs whatever failed before it, so that one run tells everything. */
export async function run(options: TestOptions): Promise<void> {
  const started = Date.now();
  const session = new Session(() => options.screen.say('\n stopping …'));
  const work = join(options.root, '.data', 'test');
  mkdirSync(work, { recursive: true });
  rmSync(join(work, 'closing-line'), { force: true });
  await stopLeftovers(work);
  session.add(() => stopLeftovers(work));
  const tally = { passed: 0, failed: 0, skipped: 0, suites: 0 };
  const around: Around = { ...options, work, session, tally, failures: [], places: placesOf(options.root) };
  try {
    for (const check of CHECKS) await session.part(() => runCheck(check, around));
    await withServers(around, async (env) => {
      await session.part(() => runSuites(UNIT, env, around));
      if (!options.quick) await session.part(() => runSuites(END_TO_END, env, around));
    });
  } finally {
    await session.stop();
  }
  conclude(around, Date.now() - started);
}

async function runCheck(check: Check, around: Around): Promise<void> {
  const { root, screen, work, session, failures, tally } = around;
  const step = screen.step(check.name);
  const log = join(work, `${check.name.replaceAll(/\W+/g, '-')}.log`);
  const { code, output } = await runNode({ args: check.args, cwd: root, log, signal: session.signal });
  if (code === 0) {
    tally.passed += 1;
    return step.done(check.says);
  }
  step.fail(`see below`);
  screen.say(tail(output, 40));
  tally.failed += 1;
  failures.push(check.name);
}

/** A private database server and Redis of the tests' own, and a Chromium; the folders go when the run ends. */
async function withServers(around: Around, use: (env: NodeJS.ProcessEnv) => Promise<void>): Promise<void> {
  const { places, screen, session, quick, work } = around;
  const data = mkdtempSync(join(tmpdir(), 'yd-test-'));
  session.add(async () => rmSync(data, { recursive: true, force: true }));
  const servers = await session.part(() =>
    openServers({ ...places, data }, testConfig(), screen, session.signal, 'private, thrown away afterwards'),
  );
  session.add(() => servers.stop());
  const folder = join(work, 'platforms', 'servers');
  mkdirSync(folder, { recursive: true });
  const starter = { name: 'test', pid: process.pid, marker: 'tools/test/test.mjs' };
  writeRun(join(folder, 'run.json'), { address: 'the running tests', starter, children: servers.children });
  const env: NodeJS.ProcessEnv = { TEST_DATABASE_URL: servers.adminUrl, TEST_REDIS_URL: servers.redisUrl };
  if (!quick) {
    env['CHROMIUM_PATH'] = await session.part(() =>
      inStep(
        screen,
        'Chromium',
        (step) => findChromium(places.runtime, step),
        (path) => (path.startsWith(places.runtime) ? 'signed Debian packages in .data/runtime' : path),
      ),
    );
  }
  await use(env);
}

async function runSuites(suites: JestRun, env: NodeJS.ProcessEnv, around: Around): Promise<void> {
  const { root, screen, work, session, failures, tally } = around;
  const step = screen.step(suites.name);
  const { outcome, tally: more } = await runJest(suites, { root, logs: work, env, signal: session.signal }, step);
  for (const key of ['passed', 'failed', 'skipped', 'suites'] as const) tally[key] += more[key];
  const words = `${more.passed} tests in ${more.suites} files`;
  if (outcome.code === 0 && more.failed === 0) return step.done(words);
  step.fail(`${more.failed} of ${more.passed + more.failed} failed`);
  screen.say(failuresOf(outcome.output));
  failures.push(suites.name);
  if (more.failed === 0) tally.failed += 1; // jest itself failed, for instance in its set-up
}

function conclude({ screen, failures, tally, work }: Around, ms: number): void {
  screen.say();
  const time = `${Math.round(ms / 1000)} s`;
  if (failures.length > 0)
    screen.say(` ✘ failed after ${time}: ${failures.join(', ')}. Whole outputs: .data/test/*.log`);
  else screen.say(` ✔ everything passed in ${time}`);
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
  const closing = `tests: ${tally.passed} passed, ${tally.failed} failed${skipped}`;
  writeFileSync(join(work, 'closing-line'), `${closing}\n`); // .ci/run repeats it as its last line
  screen.say(closing);
  process.exit(failures.length > 0 ? 1 : 0);
}

/** Platforms of an end-to-end run that was killed: each left its run file. */
async function stopLeftovers(work: string): Promise<void> {
  const platforms = join(work, 'platforms');
  if (!existsSync(platforms)) return;
  for (const name of readdirSync(platforms)) {
    try {
      await clearStaleRun(join(platforms, name, 'run.json'));
    } catch (error) {
      if (!(error instanceof PlainError)) throw error; // another test run is alive: its platform is its own
    }
  }
}

const tail = (text: string, lines: number) => text.trimEnd().split('\n').slice(-lines).join('\n');

/** Jest's own account of the failed tests, without the passed files and its machine-readable report. */
function failuresOf(output: string): string {
  const lines = output.split('\n').filter((line) => !line.startsWith('PASS ') && !line.startsWith('{"num'));
  const first = lines.findIndex((line) => line.startsWith('FAIL ') || line.includes('●'));
  return lines.slice(Math.max(0, first)).slice(0, 250).join('\n').trimEnd();
}
