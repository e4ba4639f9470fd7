import type { BatchState } from './batch.states';
import { clearing, effectOn, principalByBranch, suspense, type Leg } from './leg';

/** movement: money of headquarters' own doing: receipts, payouts, set-off. Never undone, only answered by another one. */
export type BatchKind = 'settle' | 'resolution' | 'movement';

export interface Batch {
  batchId: string;
  kind: BatchKind;
  provider: string;
  day: string;
  runId: string;
  digest: string;
  /** Digest over the sealed parts of its lines; empty or absent: it has none. */
  sealed?: string;
  actor: string;
  state: BatchState;
  /** Raised by whoever takes over the planning: an older planner's rows are refused. */
  fence: number;
  totals: Totals;
}

/** Signed minor units. */
export interface Totals {
  principal: bigint;
  fees: bigint;
  commissions: bigint;
  /** What the batch leaves in suspense: gross less fees. */
  suspense: bigint;
  branches: number;
}

export const NO_TOTALS: Totals = { principal: 0n, fees: 0n, commissions: 0n, suspense: 0n, branches: 0 };

/** A leg in its place within the plan. Legs of one posting stand or fall together. */
export interface PlannedLeg extends Leg {
  channel: string;
  /** How many statement items it sums up. */
  items: number;
}

/** 1 to 8 legs. */
export type PlannedPosting = readonly PlannedLeg[];

export function totalsOf(provider: string, legs: readonly Leg[]): Totals {
  const principal = principalByBranch(legs);
  const waiting = suspense(provider);
  return {
    principal: sum(principal.values()),
    fees: sum(legs.filter((leg) => leg.kind === 'fee').map((leg) => feeOfLeg(provider, leg))),
    commissions: sum(legs.map((leg) => commissionOfLeg(leg))),
    suspense: sum(legs.map((leg) => effectOn(waiting, leg))),
    branches: principal.size,
  };
}

/** + when a bearer pays. The provider's end of a fee is clearing, suspense, or its own payable account. */
function feeOfLeg(provider: string, leg: Leg): bigint {
  const ends = [clearing(provider), suspense(provider)];
  if (ends.includes(leg.credit)) return leg.amount;
  if (ends.includes(leg.debit)) return -leg.amount;
  return leg.credit.startsWith('payable/') ? leg.amount : -leg.amount;
}

const commissionOfLeg = (leg: Leg): bigint =>
  leg.kind === 'commission' ? leg.amount : leg.kind === 'claw_back' ? -leg.amount : 0n;

function sum(amounts: Iterable<bigint>): bigint {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
}
