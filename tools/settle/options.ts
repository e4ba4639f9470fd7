import { parseArgs } from 'node:util';

/** The command cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const VERBS = ['run', 'status', 'statement', 'verify'] as const;
export type Verb = (typeof VERBS)[number];
const FORMATS = ['json', 'xlsx', 'csv', 'html'] as const;

export interface Options {
  verb: Verb;
  /** A date or a month; none for verify. */
  period: string | undefined;
  provider: string | undefined;
  party: string | undefined;
  /** Providers a person knows to be missing from the month. */
  missing: string[];
  actor: string | undefined;
  signOff: boolean;
  format: (typeof FORMATS)[number];
  out: string | undefined;
  since: 'start' | 'snapshot';
  json: boolean;
}

export const USAGE = `npm run settle -- run --date D [--provider P] | --month M [--missing P,Q] [--sign-off] [--actor A]
npm run settle -- status --date D | --month M
npm run settle -- statement --party P --date D | --month M [--format xlsx|csv|html --out FILE]
npm run settle -- verify [--since start|snapshot]
run        settles the matched provider-days of a date, again without effect; or closes a month as far as it can
           --missing names providers whose last day or invoice is known to be missing
           --sign-off signs a closed month off: --actor must be another person than the one who closed it
status     positions of a date, or the steps of a month
statement  what a party is told of a date or a month; with --out the file itself
verify     M1-M4, S3, S4, every balance and the hash chains of the money ledger
--json     the last line of standard output is one JSON object
Settlement is found beside the front door, or by SETTLEMENT_RPC=host:port.
Ends with 0 when all is clean, 1 with findings (a step that is blocked, a day that is not settled or final, a statement not
confirmed, an invariant that does not hold), 2 when it cannot run.`;

const OPTIONS = {
  date: { type: 'string' },
  month: { type: 'string' },
  provider: { type: 'string' },
  party: { type: 'string' },
  missing: { type: 'string', default: '' },
  actor: { type: 'string' },
  'sign-off': { type: 'boolean', default: false },
  format: { type: 'string', default: 'json' },
  out: { type: 'string' },
  since: { type: 'string', default: 'snapshot' },
  json: { type: 'boolean', default: false },
} as const;

export function readOptions(args: string[]): Options {
  const { values, positionals } = parsed(args);
  const verb = VERBS.find((one) => one === positionals[0]);
  if (!verb || positionals.length > 1) throw new UsageError(USAGE);
  const period = verb === 'verify' ? undefined : periodOf(values.date, values.month);
  const format = FORMATS.find((one) => one === values.format);
  if (!format) throw new UsageError(`--format is one of ${FORMATS.join(', ')}.`);
  const { since } = values;
  if (since !== 'start' && since !== 'snapshot') throw new UsageError('--since is start or snapshot.');
  if (verb === 'statement' && values.party === undefined) throw new UsageError(`Whose? Give --party.\n\n${USAGE}`);
  if (values['sign-off'] && (values.month === undefined || values.actor === undefined))
    throw new UsageError('--sign-off is of a --month, by an --actor who did not close it.');
  if (format !== 'json' && values.out === undefined) throw new UsageError('Where to? Give --out FILE.');
  return {
    ...{ verb, period, format, since, json: values.json, signOff: values['sign-off'] },
    ...{ provider: values.provider, party: values.party, actor: values.actor, out: values.out },
    missing: values.missing.split(',').filter(Boolean),
  };
}

function periodOf(date: string | undefined, month: string | undefined): string {
  if ((date === undefined) === (month === undefined))
    throw new UsageError(`Which day or month? Give --date or --month, one of them.\n\n${USAGE}`);
  if (date !== undefined && !isDate(date)) throw new UsageError(`"${date}" is no date: YYYY-MM-DD.`);
  if (month !== undefined && !isDate(`${month}-01`)) throw new UsageError(`"${month}" is no month: YYYY-MM.`);
  return date ?? month ?? '';
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
