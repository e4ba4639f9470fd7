import { inStep } from '../../platform/progress';
import { ratio } from '../stage/report';
import type { Around, Outcome } from './around';
import { checkRun, isClean, type RunVerdict } from './check-run';
import { measureBaselines, type BaselineFigures } from './measure-baselines';
import { Meter, type Measurement, type NamedProcess, type ProfiledService } from './measure';
import { MODES, type Mode } from './options';
import { atShareOfPeak, bestOf, findPeak, isThere } from './phases';
import { hopsOf, showMeasurements, showProfile, showVerdict } from './results';
import { startTopupPlatform, type TopupPlatform } from './topup-platform';

/** Longest that what was not acknowledged at once may take to its final word. */
const SETTLE_S = 120;

interface Figures {
  steps: Measurement[];
  main: Partial<Record<Mode, Measurement>>;
  paced: Measurement | undefined;
}

/** The whole benchmark: the baseline, then the platform on the same database in each mode, and the checks. */
export async function runTopups(around: Around): Promise<Outcome> {
  const { options, screen } = around;
  const figures: Figures = { steps: [], main: {}, paced: undefined };
  let verdict: RunVerdict | undefined;
  // The baseline comes first: it finds the server fresh, with nothing of ours still being written back.
  const baselines =
    options.only === undefined || options.only === 'baseline' ? await measureBaselines(around) : undefined;
  if (options.only !== 'baseline') {
    const stage = await startTopupPlatform(around);
    await measureModes(around, stage, figures);
    verdict = await settleAndCheck(around, stage);
  }
  const { steps, main, paced } = figures;
  showMeasurements(screen, 'The platform: signed requests over HTTP, acknowledged when durable', [
    ...steps,
    ...MODES.flatMap((mode) => main[mode] ?? []),
    ...(paced ? [paced] : []),
  ]);
  if (baselines)
    showMeasurements(screen, 'An ordinary Nest stack: unsigned, one transaction per top-up', baselines.rows);
  if (verdict) showVerdict(screen, verdict);
  return { clean: verdict ? isClean(verdict) : true, json: jsonOf(figures, baselines, verdict) };
}

async function measureModes(around: Around, stage: TopupPlatform, figures: Figures): Promise<void> {
  const { generator, screen, session, options } = around;
  await generator.ask({ do: 'begin', book: stage.book, journal: around.journal });
  const meter = new Meter(
    generator,
    screen,
    () => processesOf(around, stage),
    around.commits,
    options.warmLimitSeconds,
  );
  const { seconds, warmSeconds, profile } = options;
  await session.part(() => meter.warmUp(stage.doors.hmac));
  for (const mode of MODES.filter((one) => !options.only || options.only === one)) {
    const door = stage.doors[mode];
    if (mode === 'bulk' && !(await isThere(door, screen))) continue;
    const ladder = mode === 'bulk' ? options.bulkLadder : options.ladder;
    const searches = ladder.length > 1 && (mode === 'hmac' || mode === 'bulk' || options.only !== undefined);
    const steps = searches ? await findPeak(meter, door, { session, options, ladder }) : [];
    figures.steps.push(...steps);
    const connections = bestOf(steps)?.connections ?? connectionsLike(figures, mode, ladder);
    const profiled = profile ? profiledService(stage, profile) : undefined;
    const run = { connections, seconds: mode === 'hmac' ? seconds : Math.max(2, Math.round(seconds / 2)), warmSeconds };
    const main = await session.part(() => meter.measure(door, run, profiled));
    figures.main[mode] = main;
    if (profile && profiled) showProfile(screen, profiled.file, around.root, profile, main);
    if (mode === 'hmac' && !profile)
      figures.paced = await session.part(() => atShareOfPeak(meter, door, main, options));
  }
}

/** The other modes run where HMAC was best: what they add is work of the processors, not of waiting. */
function connectionsLike({ main }: Figures, mode: Mode, ladder: readonly number[]): number {
  const middle = ladder[Math.floor(ladder.length / 2)] ?? 128;
  return mode === 'bulk' || !main.hmac ? middle : main.hmac.connections;
}

function processesOf({ servers }: Around, { platform }: TopupPlatform): NamedProcess[] {
  return [
    ...platform
      .running()
      .map(({ name, pid }) => ({ name: name === 'gateway' || name === 'billing' ? name : 'others', pid })),
    { name: 'mariadb', pid: servers.databasePid },
    { name: 'redis', pid: servers.redisPid },
  ];
}

function profiledService({ platform, profileFile }: TopupPlatform, name: string): ProfiledService | undefined {
  const running = platform.running().find((one) => one.name === name);
  return running && { pid: running.pid, file: profileFile };
}

async function settleAndCheck(around: Around, stage: TopupPlatform): Promise<RunVerdict> {
  const { generator, screen, session, journal } = around;
  const settled = await session.part(() =>
    inStep(
      screen,
      'settle',
      () => generator.ask({ do: 'settle', door: stage.doors.hmac, seconds: SETTLE_S }),
      ({ asked, completed, refused, open }) =>
        `${asked} asked again: ${completed} completed, ${refused} refused, ${open} open`,
    ),
  );
  for (const sample of settled.samples) screen.say(`   refused: ${sample}`);
  await generator.ask({ do: 'end' });
  const { book, subscribers, gatewaySchema, billingSchema } = stage;
  return session.part(() =>
    inStep(
      screen,
      'checks',
      () => checkRun({ run: book.run, journal, subscribers, gatewaySchema, billingSchema }),
      (found) => (isClean(found) ? 'journal, tables and balances agree' : 'NOT CLEAN'),
    ),
  );
}

function jsonOf({ main, paced }: Figures, baselines: BaselineFigures | undefined, verdict: RunVerdict | undefined) {
  const faster = Math.max(baselines?.rawPerSecond ?? 0, baselines?.savePerSecond ?? 0);
  const peak = main.hmac;
  return {
    topups_per_s: peak?.perSecond ?? null,
    p50_ms: paced?.p50Ms ?? null,
    p99_ms_at_70pct: paced?.p99Ms ?? null,
    ed25519_per_s: main.ed25519?.perSecond ?? null,
    rsa_per_s: main.rsa?.perSecond ?? null,
    bulk_per_s: main.bulk?.perSecond ?? null,
    baseline_per_s: baselines?.rawPerSecond ?? null,
    baseline_save_per_s: baselines?.savePerSecond ?? null,
    ratio: peak && faster > 0 ? ratio(peak.perSecond, faster) : null,
    acknowledged: verdict?.acknowledged ?? null,
    lost: verdict?.lost ?? null,
    doubled: verdict?.doubled ?? null,
    cpu_us_per_hop: hopsOf(peak ?? Object.values(main)[0]),
    concurrency_at_peak: peak?.connections ?? null,
    elsewhere_percent: peak?.elsewherePercent ?? null,
  };
}
