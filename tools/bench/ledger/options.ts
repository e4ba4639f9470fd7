import { PlainError } from '../../platform/progress';

export interface LedgerBenchOptions {
  json: boolean;
  /** Postings in the tables before the first measurement. */
  loaded: number;
  /** Accounts that the top-ups go to. */
  accounts: number;
  /** Length of one measurement, after a second of warming up. */
  seconds: number;
  callers: readonly number[];
  lanes: readonly number[];
  pools: readonly number[];
  only: readonly Contestant[];
}

export type Contestant = 'door' | 'raw' | 'typeorm';
const CONTESTANTS: readonly Contestant[] = ['door', 'raw', 'typeorm'];

const FULL = { loaded: 2_000_000, seconds: 4, callers: [16, 64, 256, 1_024], lanes: [1, 2, 4], pools: [4, 8, 16] };
const QUICK = { loaded: 50_000, seconds: 1, callers: [256], lanes: [2], pools: [16] };

const USAGE =
  'npm run bench:ledger -- [--json] [--quick] [--loaded N] [--seconds S] [--callers 64,256] [--lanes 1,2] [--only door,raw,typeorm]';

export function benchOptions(args: readonly string[]): LedgerBenchOptions {
  const given = new Map<string, string>();
  for (let at = 0; at < args.length; at++) {
    const name = args[at] as string;
    if (name === '--json' || name === '--quick') given.set(name, 'yes');
    else if (['--loaded', '--seconds', '--callers', '--lanes', '--only'].includes(name))
      given.set(name, args[++at] ?? '');
    else throw new PlainError(`${name} is not known here: ${USAGE}`);
  }
  const base = given.has('--quick') ? QUICK : FULL;
  const loaded = numbers(given, '--loaded')?.[0] ?? base.loaded;
  return {
    json: given.has('--json'),
    loaded,
    accounts: Math.min(200_000, Math.max(10_000, Math.floor(loaded / 10))),
    seconds: numbers(given, '--seconds')?.[0] ?? base.seconds,
    callers: numbers(given, '--callers') ?? base.callers,
    lanes: numbers(given, '--lanes') ?? base.lanes,
    pools: base.pools,
    only: contestants(given.get('--only')),
  };
}

function numbers(given: ReadonlyMap<string, string>, name: string): number[] | undefined {
  const text = given.get(name);
  if (text === undefined) return undefined;
  if (!/^\d+(,\d+)*$/.test(text)) throw new PlainError(`${name} takes whole numbers: ${USAGE}`);
  return text.split(',').map(Number);
}

function contestants(text: string | undefined): readonly Contestant[] {
  if (text === undefined) return CONTESTANTS;
  const wanted = text.split(',');
  const unknown = wanted.find((name) => !CONTESTANTS.includes(name as Contestant));
  if (unknown !== undefined) throw new PlainError(`--only does not know ${unknown}: ${USAGE}`);
  return CONTESTANTS.filter((name) => wanted.includes(name));
}
