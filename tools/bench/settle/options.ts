import { Arguments } from '../stage/arguments';

export interface SettleBenchOptions {
  rows: number;
  threads: number;
  json: boolean;
}

const MOST_ROWS = 100_000_000;

/** @throws PlainError naming the word that is wrong */
export function settleOptions(args: readonly string[]): SettleBenchOptions {
  const given = new Arguments(args, { flags: ['json'], values: ['rows', 'threads'] });
  return {
    rows: given.count('rows', 1, MOST_ROWS) ?? 1_000_000,
    threads: given.count('threads', 1, 64) ?? 2,
    json: given.has('json'),
  };
}
