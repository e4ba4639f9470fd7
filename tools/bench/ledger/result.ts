import type { Screen } from '../../platform/progress';
import { ratio, table } from '../stage/report';
import { best, nameOf, type Row } from './contest';
import type { LedgerBenchOptions } from './options';

/** The figures by the names that the comparison of runs goes by. */
export interface LedgerBenchResult {
  door_per_s: number;
  hot_per_s: number;
  postings_loaded: number;
  raw_sql_per_s: number;
  raw_packet_per_s: number;
  typeorm_save_per_s: number;
  ratio_raw: number;
  ratio_typeorm: number;
  ratio_hot: number;
  fsync_per_s: number;
  cpu_us_per_topup: Record<string, { node: number; server: number }>;
  runs: Record<string, string | number>[];
}

export function resultOf(rows: readonly Row[], options: LedgerBenchOptions, fsync: number): LedgerBenchResult {
  const door = best(rows, 'door');
  const statements = best(rows, 'statements');
  const packets = best(rows, 'packets');
  const save = best(rows, 'save');
  const raw = Math.max(statements?.perSecond ?? 0, packets?.perSecond ?? 0);
  const hot = rows.find((row) => row.contestant === 'door' && row.hot)?.perSecond ?? 0;
  const named = { door, statements, packets, save };
  return {
    door_per_s: door?.perSecond ?? 0,
    hot_per_s: hot,
    postings_loaded: options.loaded,
    raw_sql_per_s: statements?.perSecond ?? 0,
    raw_packet_per_s: packets?.perSecond ?? 0,
    typeorm_save_per_s: save?.perSecond ?? 0,
    ratio_raw: ratio(door?.perSecond ?? 0, raw),
    ratio_typeorm: ratio(door?.perSecond ?? 0, save?.perSecond ?? 0),
    ratio_hot: ratio(hot, door?.perSecond ?? 0),
    fsync_per_s: fsync,
    cpu_us_per_topup: Object.fromEntries(
      Object.entries(named).flatMap(([name, row]) => (row ? [[name, { node: row.nodeUs, server: row.serverUs }]] : [])),
    ),
    runs: rows.map(runOf),
  };
}

const runOf = (row: Row): Record<string, string | number> => ({
  run: nameOf(row),
  per_s: row.perSecond,
  p50_ms: row.p50Ms,
  p99_ms: row.p99Ms,
  node_us: row.nodeUs,
  server_us: row.serverUs,
  acknowledged: row.acknowledged,
  forced_writes: row.forcedWrites,
});

export function tell(screen: Screen, rows: readonly Row[], result: LedgerBenchResult): void {
  table(
    screen,
    ['run', 'top-ups/s', 'p50 ms', 'p99 ms', 'CPU µs node', 'server', 'forced writes'],
    rows.map((row) => [nameOf(row), row.perSecond, row.p50Ms, row.p99Ms, row.nodeUs, row.serverUs, row.forcedWrites]),
  );
  screen.say(
    ` door ${result.door_per_s}/s, ${result.ratio_raw} × raw mysql2, ${result.ratio_typeorm} × TypeORM save; hot ${result.ratio_hot} × uniform`,
  );
}
