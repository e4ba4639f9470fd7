import { setTimeout as sleep } from 'node:timers/promises';
import type { GeneratorProcess } from './generator-process';
import type { Door, OrderBook } from './generator/door';
import type { RunResult, SettleResult } from './generator/protocol';

export interface Blow {
  generator: GeneratorProcess;
  door: Door;
  book: OrderBook;
  journal: string;
  connections: number;
  /** The service dies after a third of them and comes back `awayMs` later, in the middle of the load. */
  seconds: number;
  perSecond: number;
  /** SIGKILL; and back. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  awayMs: number;
  /** For what had no final word when the load ended. */
  settleSeconds: number;
}

/**
 * A service is killed with requests in its hands. The generator, as a partner should, asks for everything without a final
 * word with the same keys until it has one.
 */
export async function struckRun(blow: Blow): Promise<{ load: RunResult; settled: SettleResult }> {
  const { generator, door, seconds, perSecond, connections } = blow;
  await generator.ask({ do: 'begin', book: blow.book, journal: blow.journal });
  const requests = Math.ceil(perSecond * (seconds + 2)) + connections;
  await generator.ask({ do: 'sign', door, first: 0, requests });
  const strike = sleep((seconds * 1_000) / 3)
    .then(() => blow.kill())
    .then(() => sleep(blow.awayMs))
    .then(() => blow.restart());
  const run = { connections, seconds, warmSeconds: 0, perSecond };
  const [load] = await Promise.all([generator.ask({ do: 'run', run }), strike]);
  const settled = await generator.ask({ do: 'settle', door, seconds: blow.settleSeconds });
  await generator.ask({ do: 'end' });
  return { load, settled };
}
