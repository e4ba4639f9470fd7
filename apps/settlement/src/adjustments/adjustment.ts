import type { AdjustmentLeg, AdjustmentOriginal, AdjustmentView } from '@yidian/contracts';
import type { AdjustmentState } from './adjustment.states';

export interface Adjustment {
  id: string;
  state: AdjustmentState;
  original: AdjustmentOriginal;
  legs: AdjustmentLeg[];
  reason: string;
  evidence: string;
  proposedBy: string;
  proposedAt: Date;
  decidedBy: string;
  decidedAt: Date | null;
  note: string;
  /** Empty until it is approved. */
  accountingDate: string;
  batchId: string;
  /** All its legs are in the ledger. */
  posted: boolean;
}

/** What the proposer has said: the same id with anything else in it is another batch. */
export type Proposal = Pick<Adjustment, 'id' | 'original' | 'legs' | 'reason' | 'evidence' | 'proposedBy'>;

/** Makes its movement the same one however often it is asked for. */
export const movementKey = (id: string): string => `adjustment/${id}`;

/** How ledger, positions and statements name what is corrected. */
export function referenceOf(original: AdjustmentOriginal): string {
  if (original.kind === 'month') return original.month;
  return original.kind === 'provider_day' ? `${original.provider}/${original.date}` : original.date;
}

export const providerOf = (original: AdjustmentOriginal): string =>
  original.kind === 'provider_day' ? original.provider : '';

/** Members that differ, by name; empty: it is the same proposal. */
export function differing(known: Proposal, asked: Proposal): string[] {
  const members = ['original', 'legs', 'reason', 'evidence', 'proposedBy'] as const;
  return members.filter((name) => canonical(known[name]) !== canonical(asked[name]));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return JSON.stringify(members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, canonical(member)]));
}

export const viewOf = ({ posted, state, proposedAt, decidedAt, ...adjustment }: Adjustment): AdjustmentView => ({
  ...adjustment,
  state: posted ? 'posted' : state,
  proposedAt: proposedAt.toISOString(),
  decidedAt: decidedAt?.toISOString() ?? null,
});
