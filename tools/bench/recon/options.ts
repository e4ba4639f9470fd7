import { Arguments } from '../stage/arguments';

export interface ReconBenchOptions {
  rows: number;
  /** The provider's file comes in no order at all. */
  shuffled: boolean;
  json: boolean;
  /** Leaves out what is slow beside the engine: for work on the engine. */
  engineOnly: boolean;
}

const MOST_ROWS = 100_000_000;

export function reconBenchOptions(args: readonly string[]): ReconBenchOptions {
  const words = new Arguments(args, { flags: ['shuffled', 'json', 'engine-only'], values: ['rows'] });
  return {
    rows: words.count('rows', 1_000, MOST_ROWS) ?? 1_000_000,
    shuffled: words.has('shuffled'),
    json: words.has('json'),
    engineOnly: words.has('engine-only'),
  };
}
