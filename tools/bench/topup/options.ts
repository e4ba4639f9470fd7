import { Arguments } from '../stage/arguments';

export const MODES = ['hmac', 'ed25519', 'rsa', 'bulk'] as const;
export type Mode = (typeof MODES)[number];
const SERVICES = ['gateway', 'billing'] as const;
export type KilledService = (typeof SERVICES)[number];

export interface TopupOptions {
  quick: boolean;
  json: boolean;
  /** Only this part of the run. */
  only: Mode | 'baseline' | undefined;
  /** Measured seconds of each main run. */
  seconds: number;
  /** Measured seconds of one step of the search for the peak. */
  stepSeconds: number;
  /** Before each window, not measured. */
  warmSeconds: number;
  /** Longest time for the first few thousand top-ups, which warm the services. */
  warmLimitSeconds: number;
  /** Rising; the best one is the peak. */
  ladder: readonly number[];
  bulkLadder: readonly number[];
  baselineLadder: readonly number[];
  subscribers: number;
  /** InnoDB's buffer pool. */
  poolMb: number;
  profile: KilledService | undefined;
  kill: KilledService | undefined;
}

export function topupOptions(words: readonly string[]): TopupOptions {
  const args = new Arguments(words, {
    flags: ['quick', 'json'],
    values: ['only', 'seconds', 'connections', 'subscribers', 'pool-mb', 'profile', 'kill'],
  });
  const quick = args.has('quick');
  const seconds = args.count('seconds', 1, 600) ?? (quick ? 3 : 15);
  const connections = args.count('connections', 1, 4_096);
  const ladder = quick ? [32, 128, 256] : [16, 32, 64, 128, 256, 512];
  return {
    quick,
    json: args.has('json'),
    only: args.choice('only', [...MODES, 'baseline'] as const),
    seconds,
    stepSeconds: quick ? 2 : Math.max(2, Math.round(seconds / 3)),
    warmSeconds: quick ? 0.7 : 1.5,
    warmLimitSeconds: quick ? 10 : 30,
    ladder: connections === undefined ? ladder : [connections],
    bulkLadder: connections === undefined ? (quick ? [8] : [4, 8, 16]) : [connections],
    baselineLadder: connections === undefined ? (quick ? [32, 64] : [16, 32, 64, 128]) : [connections],
    subscribers: args.count('subscribers', 31, 1_000_000) ?? (quick ? 3_100 : 20_000),
    poolMb: args.count('pool-mb', 64, 262_144) ?? (quick ? 1_024 : 2_048),
    profile: args.choice('profile', SERVICES),
    kill: args.choice('kill', SERVICES),
  };
}
