import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Screen } from '../../platform/progress';
import type { CommitCounter, CommitCounts } from '../stage/commit-counts.store';
import { CpuWatch, type CpuUse } from '../stage/cpu-times';
import type { GeneratorProcess } from './generator-process';
import type { Door } from './generator/door';
import type { RunOrder, RunResult } from './generator/protocol';

export interface NamedProcess {
  name: string;
  pid: number;
}

/** One measured run: what came out, and who used the processors meanwhile. */
export interface Measurement extends RunResult {
  door: string;
  connections: number;
  /** Processor µs per acknowledged top-up, by process. */
  cpuPerTopup: Record<string, number>;
  elsewherePercent: number;
  /** Transactions, and times that the binlog was forced to the disk, per 1,000 top-ups. */
  commitsPer1000: number;
  syncsPer1000: number;
  signedMs: number;
  /** Orders that were signed, sent or not. */
  signed: number;
}

/** Tells the service under the profiler to begin and to write. */
export interface ProfiledService {
  pid: number;
  file: string;
}

export class Meter {
  private next = 0;
  /** A guess of what comes, so that enough is signed and little too much. */
  private readonly guesses = new Map<string, number>();

  constructor(
    private readonly generator: GeneratorProcess,
    private readonly screen: Screen,
    /** Asked anew for each run: a service that was started again has another pid. */
    private readonly processes: () => NamedProcess[],
    private readonly commits: CommitCounter,
    /** Longest warm-up. */
    private readonly warmLimitSeconds: number,
  ) {}

  /** Compilers, caches and connections of the services, by a number of top-ups and not by the clock of a busy machine. */
  async warmUp(door: Door): Promise<void> {
    const step = this.screen.step('warm-up');
    const requests = Math.ceil(WARM_ORDERS / door.perRequest);
    const first = this.next;
    this.next += requests * door.perRequest;
    this.generator.onWindow = () => undefined;
    this.generator.onProgress = (acknowledged) => step.progress(acknowledged, WARM_ORDERS);
    await this.generator.ask({ do: 'sign', door, first, requests });
    const run = { connections: WARM_CONNECTIONS, seconds: this.warmLimitSeconds, warmSeconds: 0 };
    const result = await this.generator.ask({ do: 'run', run });
    this.guesses.set(door.name, 2 * result.perSecond);
    step.done(`${result.acknowledged} top-ups${troublesOf({ ...result, ranOut: false })}`);
    for (const sample of result.samples) this.screen.say(`   refused: ${sample}`);
  }

  async measure(door: Door, order: RunOrder, profiled?: ProfiledService): Promise<Measurement> {
    const { generator, screen } = this;
    const paced = order.perSecond === undefined ? '' : `, ${Math.round(order.perSecond)}/s`;
    const step = screen.step(`${door.name} ×${order.connections}${paced}`);
    const requests = this.requestsFor(door, order);
    const first = this.next;
    this.next += requests * door.perRequest;
    step.note(`signing ${requests} requests`);
    const { ms: signedMs } = await generator.ask({ do: 'sign', door, first, requests });
    generator.onProgress = (acknowledged) => step.note(`${acknowledged} acknowledged`);
    const window = this.watch(profiled);
    const result = await generator.ask({ do: 'run', run: order });
    const { use, commits, syncs } = await window();
    this.guesses.set(door.name, Math.max(result.perSecond, 0.6 * (this.guesses.get(door.name) ?? 0)));
    step.done(`${result.perSecond} per s, p50 ${result.p50Ms} ms, p99 ${result.p99Ms} ms${troublesOf(result)}`);
    for (const sample of result.samples) screen.say(`   refused: ${sample}`);
    const per1000 = (count: number) => Math.round((count * 1_000) / Math.max(1, result.acknowledged));
    return {
      ...result,
      door: door.name,
      connections: order.connections,
      cpuPerTopup: perTopup(use.byName, result.acknowledged),
      elsewherePercent: use.elsewherePercent,
      commitsPer1000: per1000(commits),
      syncsPer1000: per1000(syncs),
      signedMs,
      signed: requests * door.perRequest,
    };
  }

  /** Looks at processors and commits at both edges of the next run's window; call the answer when the run is over. */
  private watch(profiled: ProfiledService | undefined): () => Promise<CommitCounts & { use: CpuUse }> {
    const { generator } = this;
    const watch = new CpuWatch([...this.processes(), { name: 'generator', pid: generator.pid }]);
    const counts: Promise<CommitCounts>[] = [];
    let use: CpuUse = { byName: {}, elsewherePercent: 0 };
    if (profiled) rmSync(profiled.file, { force: true });
    generator.onWindow = (edge) => {
      if (profiled) process.kill(profiled.pid, 'SIGWINCH');
      if (edge === 'begin') watch.begin();
      else use = watch.end();
      counts.push(this.commits.read());
    };
    return async () => {
      if (profiled) await untilWritten(profiled.file);
      const [before, after] = await Promise.all(counts);
      const none = { commits: 0, syncs: 0 };
      if (!before || !after) return { use, ...none };
      return { use, commits: after.commits - before.commits, syncs: after.syncs - before.syncs };
    };
  }

  private requestsFor(door: Door, { seconds, warmSeconds, perSecond, connections }: RunOrder): number {
    const orders = (perSecond ?? this.guess(door)) * (seconds + warmSeconds + 1);
    return Math.ceil(orders / door.perRequest) + connections;
  }

  /** A door that was not measured yet is as fast as the fastest so far; one that was may still have a better step before it. */
  private guess(door: Door): number {
    const known = this.guesses.get(door.name);
    return known === undefined ? Math.max(FIRST_GUESS, ...this.guesses.values()) : GROWTH * known;
  }
}

/** Too many signed cost seconds, too few end a run early. */
const FIRST_GUESS = 1_000;
const GROWTH = 1.7;

const WARM_ORDERS = 5_000;
const WARM_CONNECTIONS = 48;

function perTopup(byName: Record<string, number>, acknowledged: number): Record<string, number> {
  const share = (micros: number) => (acknowledged > 0 ? Math.round((micros * 10) / acknowledged) / 10 : 0);
  return Object.fromEntries(Object.entries(byName).map(([name, micros]) => [name, share(micros)]));
}

function troublesOf({ pending, again, lost, refused, ranOut }: RunResult): string {
  const counted = Object.entries({ pending, again, lost, refused }).filter(([, count]) => count > 0);
  const words = counted.map(([name, count]) => `${count} ${name}`);
  return [...words, ...(ranOut ? ['ran out of signed requests'] : [])].map((word) => ` · ${word}`).join('');
}

async function untilWritten(file: string): Promise<void> {
  for (let tries = 0; tries < 100 && !existsSync(file); tries++) await sleep(100);
}
