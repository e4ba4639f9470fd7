import { cpuMicros } from '../stage/cpu-time';

/** What one run of one contestant did. Rates and CPU are of the window between warming up and the last second's end. */
export interface Measured {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Microseconds of processor per top-up, here and in the database server. */
  nodeUs: number;
  serverUs: number;
  /** All that were answered, warming up included: as many keys must be stored. */
  acknowledged: number;
}

export interface Measuring {
  seconds: number;
  callers: number;
  serverPid: number;
  /** One top-up, answered. */
  topup: (caller: number) => Promise<void>;
}

/** Compilers and caches settle in it. */
const WARM_UP_MS = 1_000;

/** Callers that each wait for their answer before they send again: a closed loop, so nothing is lost in a queue unseen. */
export async function measure({ seconds, callers, serverPid, topup }: Measuring): Promise<Measured> {
  const waits: number[] = [];
  let acknowledged = 0;
  let counting = false;
  let running = true;
  const call = async (caller: number): Promise<void> => {
    while (running) {
      const sent = performance.now();
      await topup(caller);
      acknowledged += 1;
      if (counting) waits.push(performance.now() - sent);
    }
  };
  const done = Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  await pause(WARM_UP_MS, done);
  const before = { at: performance.now(), node: ownMicros(), server: cpuMicros(serverPid) };
  counting = true;
  await pause(seconds * 1_000, done);
  counting = false;
  const after = { at: performance.now(), node: ownMicros(), server: cpuMicros(serverPid) };
  running = false;
  await done;
  const sorted = Float64Array.from(waits).sort();
  const each = (micros: number) => Math.round((micros / waits.length) * 10) / 10;
  return {
    perSecond: Math.round((waits.length * 1_000) / (after.at - before.at)),
    p50Ms: rounded(sorted[Math.floor(sorted.length * 0.5)]),
    p99Ms: rounded(sorted[Math.floor(sorted.length * 0.99)]),
    nodeUs: each(after.node - before.node),
    serverUs: each(after.server - before.server),
    acknowledged,
  };
}

/** A run that fails ends the pause. */
async function pause(ms: number, failing: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([new Promise((resolve) => (timer = setTimeout(resolve, ms))), failing]);
  clearTimeout(timer);
}

const ownMicros = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

const rounded = (ms = 0): number => Math.round(ms * 10) / 10;
