import type { CreditDifference, CreditFileReply, ResolutionAction } from '@yidian/contracts';
import { hashOf } from '../matching/identity';
import type { Finding } from '../matching/result';
import { difference, standingId } from './difference';

/** Under which a branch's own book stands where a provider would. */
export const provinceOf = (branch: string): string => `bss_${branch}`;

interface CreditRow {
  row: string;
  class: Finding['class'];
  severe?: true;
}
type Difference = Exclude<CreditDifference['class'], 'date_differs'>;

/**
 * What the province's book says that ours does not, as the tables name it. Theirs is a subscriber's balance that we cannot
 * reach: the province is asked first, and what is put right there stands in a later version of its file.
 */
const CREDITS: Readonly<Record<Difference, CreditRow>> = {
  not_asked_for: { row: '30', class: 'unpaid_credit', severe: true },
  done_after_refusal: { row: '28', class: 'unpaid_credit', severe: true },
  not_there: { row: '2', class: 'uncredited' },
  amount_differs: { row: 'V2', class: 'amount_mismatch' },
  repeated: { row: 'V5', class: 'duplicate_line', severe: true },
};
const TAKEN_BACK: Readonly<Record<Difference, CreditRow>> = {
  not_asked_for: { row: 'R13', class: 'debit_without_refund', severe: true },
  done_after_refusal: { row: 'R13', class: 'debit_without_refund', severe: true },
  not_there: { row: '33', class: 'unreversed_credit' },
  amount_differs: { row: 'V2', class: 'amount_mismatch' },
  repeated: { row: 'V5', class: 'duplicate_line', severe: true },
};
/** What a cancelled reversal gives back is a credit again. */
const ROWS = { CREDIT: CREDITS, CANCEL: CREDITS, REVERSAL: TAKEN_BACK } as const;

const ASK: ResolutionAction = 'claim_provider';
/** So many are told one by one; of a file with more the rest is a sum without a name. */
export const MOST_DIFFERENCES = 20_000;

/** Theirs less ours, of what the difference moves in the sums of this date. */
export function atStake({ class: cls, ourState, ourAmount, theirAmount }: CreditDifference): bigint {
  const [ours, theirs] = [BigInt(ourAmount ?? 0), BigInt(theirAmount ?? 0)];
  if (cls === 'not_there') return -ours;
  return cls === 'amount_differs' && ourState === 'done' ? theirs - ours : theirs;
}

/** The credit run of a branch and date: every difference with its class, every line that could not be read, the totals. */
export function creditFindings(reply: CreditFileReply): Finding[] {
  const { branch, date, sha256 } = reply;
  const seen = new Map<string, number>();
  const differences = reply.differences.flatMap((one) => {
    if (one.class === 'date_differs') return [];
    const name = `${one.class} ${one.kind} ${one.reference}`;
    const occurrence = seen.get(name) ?? 0;
    seen.set(name, occurrence + 1);
    return [findingOf(branch, date, { ...one, class: one.class }, occurrence)];
  });
  const unread = reply.findings.map(({ line, reason }) =>
    difference({
      ...{ id: standingId('credit', branch, date, sha256, String(line)), kind: 'credit', row: 'V9' },
      ...{ class: 'unreadable_line', key: reference(sha256), leg: `line ${line}`, suggested: ASK, raw: reason },
      ...{ branch, line },
    }),
  );
  return [...differences, ...unread, ...totals(reply)];
}

function findingOf(
  branch: string,
  date: string,
  one: CreditDifference & { class: Difference },
  occurrence: number,
): Finding {
  const { row, class: cls, severe = false } = ROWS[one.kind][one.class];
  return difference({
    id: standingId('credit', branch, date, one.class, one.kind, one.reference, String(occurrence)),
    ...{ kind: 'credit', row, class: cls, key: one.reference, leg: hashOf(one.class, one.kind, String(occurrence)) },
    ...{ suggested: ASK, severe, branch, atStake: atStake(one) },
    paymentNo: /^\d{20}/.exec(one.reference)?.[0] ?? '',
    refNo: one.kind === 'CREDIT' ? '' : one.reference,
    gAmount: one.ourAmount === null ? null : BigInt(one.ourAmount),
    bAmount: one.theirAmount === null ? null : BigInt(one.theirAmount),
    gState: one.ourState,
    raw: `${one.kind} ${one.reference}: ${one.class}`,
  });
}

/** A file that does not agree with its own trailer, or with more wrong in it than is told one by one. */
function totals({ branch, date, sha256, state, agrees, differences }: CreditFileReply): Finding[] {
  const why =
    differences.length >= MOST_DIFFERENCES
      ? `${MOST_DIFFERENCES} differences and more`
      : state === 'ready' && !agrees
        ? 'the file does not agree with its own totals'
        : null;
  if (why === null) return [];
  return [
    difference({
      ...{ id: standingId('credit', branch, date, 'totals', sha256), kind: 'credit', row: 'V10' },
      ...{ class: 'control_total', key: reference(sha256), leg: 'totals', suggested: ASK, severe: true, branch },
      raw: why,
    }),
  ];
}

/** Past its deadline: accepted by two people, the day may be signed without it; it ends when the file comes. */
export const missingFileId = (branch: string, date: string): string => standingId('credit', branch, date, 'missing');

export const missingFile = (branch: string, date: string): Finding =>
  difference({
    ...{ id: missingFileId(branch, date), kind: 'credit', row: 'V10', class: 'control_total', suggested: ASK, branch },
    ...{ key: date, leg: 'missing', raw: `the credit file of ${date} is not there: its credits are provisional` },
  });

const reference = (sha256: string): string => sha256.slice(0, 64);

export interface CreditBridge {
  parts: { name: string; amount: bigint; count: number }[];
  residual: bigint;
}

/** Σ of the province's file = Σ of our orders of the date + Σ named differences; what is left over has no name. */
export function creditBridge({ amount, ours, differences }: CreditFileReply): CreditBridge {
  const sums = new Map<string, { amount: bigint; count: number }>();
  for (const one of differences) {
    const before = sums.get(one.class) ?? { amount: 0n, count: 0 };
    sums.set(one.class, { amount: before.amount + atStake(one), count: before.count + 1 });
  }
  const parts = [...sums].map(([name, part]) => ({ name, ...part })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const named = parts.reduce((sum, part) => sum + part.amount, 0n);
  return { parts, residual: BigInt(amount) - BigInt(ours) - named };
}
