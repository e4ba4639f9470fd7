import type { Screen } from '../../platform/progress';
import type { Session } from '../../platform/session';
import type { BenchServers } from '../stage/bench-servers';
import type { CommitCounter } from '../stage/commit-counts.store';
import type { GeneratorProcess } from './generator-process';
import type { OrderBook } from './generator/door';
import type { TopupOptions } from './options';
import type { RegisteredSubscriber } from './subscribers';

/** What every part of the benchmark stands on. */
export interface Around {
  root: string;
  screen: Screen;
  session: Session;
  servers: BenchServers;
  generator: GeneratorProcess;
  commits: CommitCounter;
  options: TopupOptions;
  /** The generator's own book of what was acknowledged. */
  journal: string;
}

export interface Outcome {
  /** Nothing lost, nothing doubled. */
  clean: boolean;
  json: object;
}

/** References of one run are of no other. */
export function newOrderBook(subscribers: readonly Pick<RegisteredSubscriber, 'msisdn'>[]): OrderBook {
  return {
    run: `b${Date.now().toString(36)}`,
    numbers: subscribers.map(({ msisdn }) => msisdn),
    takenAt: new Date().toISOString(),
  };
}
