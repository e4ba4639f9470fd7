import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** The command cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const VERBS = ['run', 'status', 'breaks', 'report', 'credits run', 'credits status'] as const;
export type Verb = (typeof VERBS)[number];
const STATES = ['open', 'proposed', 'suspense', 'resolved', 'any'] as const;

export interface Options {
  verb: Verb;
  /** Undefined: all of them. */
  provider: string | undefined;
  /** Of credits; undefined: all of them. */
  branch: string | undefined;
  /** Of credits run: the province is asked for its file again. */
  refetch: boolean;
  from: string;
  to: string;
  out: string;
  state: (typeof STATES)[number];
  timeoutMs: number;
  json: boolean;
}

export const USAGE = `npm run recon -- run|status|breaks|report [--provider P] --date D [--json]
npm run recon -- run|status|breaks|report [--provider P] --from D --to D [--json]
run      runs the night of a date, or fills a range one date after the other; shows lines/s and percent until it has ended
status   each provider-day: state, step, lines, percent, open breaks, residual
breaks   the differences (--state open|proposed|suspense|resolved|any, normally open)
credits  provinces' own books beside our orders: npm run recon -- credits run|status [--branch B] --date D
         run compares each date now (--refetch asks the province for its file again), status tells how far they are; both
         list what differs, each with its class and its next step
report   writes XLSX, CSV and a printable HTML page per date into out/<date>/ or --out FOLDER
--provider one provider; left out: all
--branch   one branch, six digits; left out: every branch that keeps its own billing system
--timeout  seconds that run waits (3600); the night goes on by itself
--json     the last line of standard output is one JSON object
Reconciliation is found beside the front door, or by RECONCILIATION_RPC=host:port.
Ends with 0 when all is clean, 1 with open breaks, a residual or a day that is not settled, 2 when it cannot run.`;

const OPTIONS = {
  provider: { type: 'string' },
  branch: { type: 'string' },
  refetch: { type: 'boolean', default: false },
  date: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  out: { type: 'string' },
  state: { type: 'string', default: 'open' },
  timeout: { type: 'string', default: '3600' },
  json: { type: 'boolean', default: false },
} as const;

export function readOptions(args: string[], root: string): Options {
  const { values, positionals } = parsed(args);
  const verb = VERBS.find((one) => one === positionals.join(' '));
  if (!verb) throw new UsageError(USAGE);
  const { from, to } = datesOf(values);
  const { provider, branch, refetch, json } = values;
  assertFits(verb, values);
  if (provider !== undefined && !/^[a-z][a-z0-9_]{1,31}$/.test(provider))
    throw new UsageError(`--provider "${provider}" is no provider's code.`);
  const state = STATES.find((one) => one === values.state);
  if (!state) throw new UsageError(`--state is one of ${STATES.join(', ')}.`);
  const seconds = Number(values.timeout);
  if (!Number.isInteger(seconds) || seconds < 1) throw new UsageError('--timeout is whole seconds.');
  const out = values.out ?? join(root, 'out');
  return { verb, provider, branch, refetch, from, to, out, state, timeoutMs: seconds * 1_000, json };
}

/** Provinces' books have a branch, statements have a provider: one is never taken for the other. */
function assertFits(
  verb: Verb,
  { provider, branch, refetch }: { provider?: string; branch?: string; refetch: boolean },
) {
  const ofCredits = verb === 'credits run' || verb === 'credits status';
  if (ofCredits && provider !== undefined) throw new UsageError('credits has a --branch, not a --provider.');
  if (!ofCredits && branch !== undefined) throw new UsageError('--branch is of credits; here it is --provider.');
  if (refetch && verb !== 'credits run') throw new UsageError('--refetch is of credits run.');
  if (branch !== undefined && !/^\d{6}$/.test(branch))
    throw new UsageError(`--branch "${branch}" is no branch's code.`);
}

function datesOf({ date, from, to }: { date?: string; from?: string; to?: string }): { from: string; to: string } {
  if (date !== undefined && (from !== undefined || to !== undefined))
    throw new UsageError('--date is one date, --from and --to are a range: not both.');
  const [first, last] = date === undefined ? [from, to] : [date, date];
  if (first === undefined || last === undefined)
    throw new UsageError(`Which date? Give --date, or --from and --to.\n\n${USAGE}`);
  for (const one of [first, last]) if (!isDate(one)) throw new UsageError(`"${one}" is no date: YYYY-MM-DD.`);
  if (first > last) throw new UsageError('--from is after --to.');
  return { from: first, to: last };
}

function isDate(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
