import type { Fact } from '../books/fact';
import type { Group } from './group';
import type { BState, GState } from './verdict';

export interface RefundOfBook {
  refNo: string;
  state: 'succeeded' | 'requested' | 'failed';
  amount: bigint;
  /** Billing has taken the value back under this number. */
  debited: boolean;
  /** First book date that knows of it. */
  bookDate: string;
  facts: Fact[];
}

/** What both books say about one payment. Taken from sets of facts: lanes have no order among each other. */
export interface BookState {
  g: GState;
  b: BState;
  paid: Fact[];
  reversed: Fact[];
  refunds: RefundOfBook[];
  /** Value that billing took back for a number which is no refund, reversal or resolution of ours. */
  strayDebits: Fact[];
  credited: bigint;
  creditedBranch: string;
  /** First book date of the facts that make the state; empty when there are none. */
  since: string;
  /** The state was read beyond the cut: its other half may lie beyond the horizon, so a difference waits a date. */
  beyondCut: boolean;
}

/** Resolutions of breaks take credits back under a key that begins so. */
export const RESOLUTION_KEY_PREFIX = 'res';

/**
 * State at the cut of the date. Only where the frozen books do not know the end (no row, or still in doubt) facts beyond
 * the cut are looked at, up to the horizon that belongs to the run's inputs: a payment taken seconds after the cut is of
 * the next book, not a difference of this one. Refunds are always read to the horizon, for the same reason.
 */
export function bookState(group: Group, date: string): BookState {
  const reversals = new Set(group.gateway.filter((fact) => fact.kind === 'reversed').map((fact) => fact.refNo));
  const refunds = refundsOf(group, reversals);
  const atCut = stateOf(
    group.gateway.filter((fact) => fact.bookDate <= date),
    group.billing.filter((fact) => fact.bookDate <= date),
    refunds,
  );
  if (atCut.g !== '–' && atCut.g !== 'U') return atCut;
  const atHorizon = stateOf(group.gateway, group.billing, refunds);
  return { ...atHorizon, beyondCut: atHorizon.g !== atCut.g };
}

function stateOf(gateway: Fact[], billing: Fact[], refunds: RefundOfBook[]): BookState {
  const ofKind = (...kinds: Fact['kind'][]) => gateway.filter((fact) => kinds.includes(fact.kind));
  const paid = ofKind('paid');
  const reversed = ofKind('reversed');
  const explained = new Set([...refunds, ...reversed].map(({ refNo }) => refNo));
  const refundNos = new Set(refunds.map(({ refNo }) => refNo));
  const debits = billing.filter((fact) => fact.kind === 'credit_reversed');
  const credits = billing.filter((fact) => fact.kind === 'credited');
  const credited = total(credits);
  const b = creditState(credited, total(debits.filter((fact) => !refundNos.has(fact.refNo))), billing);
  const g = paymentState(gateway, refunds, b);
  const making = { K: paid, F: paid, V: reversed, N: ofKind('declined', 'closed'), '–': billing }[g as string];
  return {
    g,
    b,
    paid,
    reversed,
    refunds,
    strayDebits: debits.filter(
      (fact) =>
        fact.amount > 0n &&
        !explained.has(fact.refNo) &&
        !fact.refNo.startsWith(RESOLUTION_KEY_PREFIX) &&
        takenUnder(billing, fact.refNo) > 0n,
    ),
    credited,
    creditedBranch: credits[0]?.branch ?? '',
    since: firstDate(making ?? ofKind('submitted', 'unknown')),
    beyondCut: false,
  };
}

const REFUND_KINDS: readonly Fact['kind'][] = ['refund_submitted', 'refunded', 'refund_failed', 'returned'];

function refundsOf(group: Group, reversals: ReadonlySet<string>): RefundOfBook[] {
  const byNumber = new Map<string, Fact[]>();
  for (const fact of group.gateway) {
    if (!REFUND_KINDS.includes(fact.kind) || reversals.has(fact.refNo)) continue;
    byNumber.set(fact.refNo, [...(byNumber.get(fact.refNo) ?? []), fact]);
  }
  return [...byNumber].map(([refNo, facts]) => {
    const has = (kind: Fact['kind']) => facts.some((fact) => fact.kind === kind);
    return {
      refNo,
      state: has('refunded') || has('returned') ? 'succeeded' : has('refund_failed') ? 'failed' : 'requested',
      amount: facts[0]?.amount ?? 0n,
      debited: takenUnder(group.billing, refNo) > 0n,
      bookDate: firstDate(facts),
      facts,
    };
  });
}

/** What stands taken under a number: value that was given back after its refund failed is negative there. */
const takenUnder = (billing: readonly Fact[], refNo: string): bigint =>
  total(billing.filter((fact) => fact.kind === 'credit_reversed' && fact.refNo === refNo));

function creditState(credited: bigint, undone: bigint, billing: Fact[]): BState {
  if (credited > 0n) return undone >= credited ? '±' : '+';
  return billing.some((fact) => fact.kind === 'credit_rejected' || fact.kind === 'credit_voided') ? 'x' : '–';
}

function paymentState(gateway: Fact[], refunds: RefundOfBook[], b: BState): GState {
  const paid = gateway.find((fact) => fact.kind === 'paid');
  if (gateway.some((fact) => fact.kind === 'reversed')) return 'V';
  if (paid) return givenBackUncredited(paid.amount, refunds, b) ? 'F' : 'K';
  const attempts = new Map<string, 'open' | 'ended'>();
  for (const { kind, refNo } of gateway) {
    if (kind === 'declined' || kind === 'closed') attempts.set(refNo, 'ended');
    if ((kind === 'submitted' || kind === 'unknown') && !attempts.has(refNo)) attempts.set(refNo, 'open');
  }
  if (attempts.size === 0) return '–';
  const closed = gateway.some((fact) => fact.kind === 'closed');
  return closed || ![...attempts.values()].includes('open') ? 'N' : 'U';
}

/** F: the whole payment goes back to the payer and the subscriber's value was not taken for it. */
function givenBackUncredited(charged: bigint, refunds: RefundOfBook[], b: BState): boolean {
  const open = refunds.filter(
    (refund) => refund.state !== 'failed' && !refund.debited && (refund.state === 'succeeded' || b !== '+'),
  );
  return open.length > 0 && total(open) >= charged;
}

const total = (rows: readonly { amount: bigint }[]): bigint => rows.reduce((sum, row) => sum + row.amount, 0n);

const firstDate = (facts: readonly Fact[]): string => facts.map((fact) => fact.bookDate).sort()[0] ?? '';
