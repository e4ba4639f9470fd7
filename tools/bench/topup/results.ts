import type { Screen } from '../../platform/progress';
import { readProfile } from '../stage/read-profile';
import { table, type Cell } from '../stage/report';
import type { RunVerdict } from './check-run';
import type { Measurement } from './measure';

const HOPS = ['generator', 'gateway', 'billing', 'mariadb', 'redis', 'others'] as const;

/** Every run as a line: what came out, and the processor time per top-up of each process. */
export function showMeasurements(screen: Screen, title: string, rows: readonly Measurement[]): void {
  if (rows.length === 0) return;
  screen.say();
  screen.say(` ${title}`);
  const hops = HOPS.filter((hop) => rows.some(({ cpuPerTopup }) => hop in cpuPerTopup));
  table(
    screen,
    [
      '',
      'conn.',
      'per s',
      'p50 ms',
      'p99 ms',
      ...hops.map((hop) => `${hop} µs`),
      'sum µs',
      'commits',
      'syncs',
      'elsewhere %',
    ],
    rows.map((row): Cell[] => [
      row.door,
      row.connections,
      row.perSecond,
      row.p50Ms,
      row.p99Ms,
      ...hops.map((hop) => row.cpuPerTopup[hop] ?? 0),
      Math.round(Object.values(row.cpuPerTopup).reduce((sum, micros) => sum + micros, 0)),
      row.commitsPer1000,
      row.syncsPer1000,
      row.elsewherePercent,
    ]),
  );
  screen.say('   µs: processor time per top-up · commits, syncs: transactions and binlog fsyncs per 1 000 top-ups ·');
  screen.say('   elsewhere: what other work on this machine took meanwhile, in percent of one processor');
}

export function hopsOf(row: Measurement | undefined): Record<string, number> {
  return Object.fromEntries(HOPS.map((hop) => [hop, row?.cpuPerTopup[hop] ?? 0]));
}

export function showVerdict(screen: Screen, verdict: RunVerdict): void {
  const { acknowledged, payments, credits, lost, doubled, balancesOff, notFinal, troubles } = verdict;
  screen.say(
    `   acknowledged ${acknowledged} · payments ${payments} · credits ${credits} · lost ${lost} · doubled ${doubled} · ` +
      `balances off ${balancesOff} · not final ${notFinal}`,
  );
  for (const trouble of troubles) screen.say(`   ✘ ${trouble}`);
}

const SHOWN_FUNCTIONS = 40;
const SHOWN_PLACES = 16;

/**
 * Where one service's processor time went. The profiler samples by the clock, also while others hold the processor, so its
 * shares are laid on the time that the kernel counted.
 */
export function showProfile(screen: Screen, file: string, root: string, service: string, row: Measurement): void {
  const { busyMicros, functions, places } = readProfile(file, root);
  const perTopup = row.cpuPerTopup[service] ?? 0;
  const share = (micros: number): Cell[] => [
    Math.round((micros / busyMicros) * 1_000) / 10,
    Math.round((micros / busyMicros) * perTopup * 10) / 10,
  ];
  const rows = (list: typeof functions, count: number) =>
    list.slice(0, count).map(({ what, micros }): Cell[] => [what, ...share(micros)]);
  screen.say();
  screen.say(` Profile of ${service} in the measured seconds (${row.door} ×${row.connections}): ${file}`);
  table(screen, ['place', 'self %', 'µs / top-up'], rows(places, SHOWN_PLACES));
  table(screen, ['function', 'self %', 'µs / top-up'], rows(functions, SHOWN_FUNCTIONS));
}
