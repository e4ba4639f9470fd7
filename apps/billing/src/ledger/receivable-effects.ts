/** Batches of a lane that are not counted yet: behind `after`, up to `to`. */
export interface Uncounted {
  laneId: number;
  after: bigint;
  to: bigint;
}

/** What a transfer does to what headquarters owes a branch, and of which payment. */
export interface ReceivableTransfer {
  k: string;
  debit: string;
  credit: string;
  amount: bigint;
  currency: string;
  kind: string;
  refersTo: string;
  at: Date;
}

export interface ReceivableEffect {
  branch: string;
  /** The payment number; where a transfer names none, its own key. */
  item: string;
  currency: string;
  kind: string;
  debited: bigint;
  credited: bigint;
  at: Date;
}

/** Settled principal is a sum over many payments; which ones is told apart (settled.items). */
export const PRINCIPAL = 'principal';

const RECEIVABLE = /^branch\/(\d{6})\/receivable$/;
const PAYMENT = /\d{20}/;

/** The payment that a reference names or is derived from (its refunds, holds, resolutions); undefined: it names none. */
export const paymentIn = (reference: string): string | undefined => PAYMENT.exec(reference)?.[0];

export function effectsOf(row: ReceivableTransfer): ReceivableEffect[] {
  const item = paymentIn(row.refersTo) ?? paymentIn(row.k) ?? row.k;
  const { currency, kind, at } = row;
  return (['debit', 'credit'] as const).flatMap((side) => {
    const branch = RECEIVABLE.exec(row[side])?.[1];
    if (branch === undefined) return [];
    const debited = side === 'debit' ? row.amount : 0n;
    return [{ branch, item, currency, kind, debited, credited: row.amount - debited, at }];
  });
}

export interface KindSum {
  branch: string;
  currency: string;
  kind: string;
  debited: bigint;
  credited: bigint;
}

export interface OpenItemChange {
  branch: string;
  item: string;
  currency: string;
  /** Credited +, taken back −. */
  amount: bigint;
  at: Date;
}

/** Many effects as few rows: sums by branch and kind, changes by branch and payment; sorted, so that writers never cross. */
export function gathered(effects: readonly ReceivableEffect[]): { sums: KindSum[]; changes: OpenItemChange[] } {
  const changes = new Map<string, OpenItemChange>();
  for (const { branch, item, currency, kind, debited, credited, at } of effects) {
    if (kind === PRINCIPAL) continue;
    const name = `${branch} ${item} ${currency}`;
    const change = changes.get(name);
    if (change) change.amount += debited - credited;
    else changes.set(name, { branch, item, currency, amount: debited - credited, at });
  }
  return { sums: addedUp(effects), changes: sorted(changes).filter(({ amount }) => amount !== 0n) };
}

/** One sum for each branch, currency and kind, sorted. */
export function addedUp(parts: readonly KindSum[]): KindSum[] {
  const sums = new Map<string, KindSum>();
  for (const { branch, currency, kind, debited, credited } of parts) {
    const name = `${branch} ${currency} ${kind}`;
    const sum = sums.get(name);
    if (sum) {
      sum.debited += debited;
      sum.credited += credited;
    } else sums.set(name, { branch, currency, kind, debited, credited });
  }
  return sorted(sums);
}

const sorted = <T>(rows: ReadonlyMap<string, T>): T[] =>
  [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
