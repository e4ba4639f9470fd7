/**
 * One end-to-end move of the money ledger, before it is posted. Kinds say what a position counts it as:
 * principal (a branch's money, told to billing), fee, commission, claw_back, suspense (gross in or out), suspense_fee,
 * fee_difference (accepted by its bearers), fee_kept (by the provider, of a payment nobody got), write_off; and what moves
 * money itself: receipt (from a provider or partner), deposit and prefund (paid in before, used up), payout (sent), booked and
 * returned (by our bank), promotion, set_off (gross against fee of one party), difference (of a payout, given up); true_up
 * (what a month's tiers make beyond its provisional prices); adjustment (of what is signed off, beside principal).
 */
export type LegKind =
  | 'principal'
  | 'fee'
  | 'commission'
  | 'claw_back'
  | 'suspense'
  | 'suspense_fee'
  | 'fee_difference'
  | 'fee_kept'
  | 'write_off'
  | 'receipt'
  | 'deposit'
  | 'prefund'
  | 'payout'
  | 'booked'
  | 'returned'
  | 'promotion'
  | 'set_off'
  | 'difference'
  | 'true_up'
  | 'adjustment';

export interface Leg {
  debit: string;
  credit: string;
  /** Minor units, > 0. */
  amount: bigint;
  kind: LegKind;
  /** Statement item whose suspense it moves; empty for sums of many items. */
  refersTo: string;
}

/** A negative amount swaps the ends; nothing, or an account against itself, makes no leg. */
export function leg(debit: string, credit: string, signed: bigint, kind: LegKind, refersTo = ''): Leg[] {
  if (signed === 0n || debit === credit) return [];
  return signed > 0n
    ? [{ debit, credit, amount: signed, kind, refersTo }]
    : [{ debit: credit, credit: debit, amount: -signed, kind, refersTo }];
}

export const clearing = (provider: string): string => `clearing/${provider}`;
export const suspense = (provider: string): string => `suspense/${provider}`;
export const due = (branch: string): string => `due/${branch}`;
export const payable = (party: string): string => `payable/${party}`;
export const prefund = (partner: string): string => `prefund/${partner}`;
/** Our own accounts, by the code the treasury profile gives them. */
export const bank = (account: string): string => `bank/${account}`;
export const transit = (account: string): string => `transit/${account}`;
export const HQ_FEES = 'hq/fees';
export const HQ_LOSS = 'hq/loss';
export const HQ_GAIN = 'hq/gain';
export const HQ_PROMOTION = 'hq/promotion';

/** What a leg does to an account: credits − debits. */
export function effectOn(account: string, { debit, credit, amount }: Leg): bigint {
  return (credit === account ? amount : 0n) - (debit === account ? amount : 0n);
}

/** Σ of what legs do to a branch's principal, per branch: what billing has to move between `settled` and `receivable`. */
export function principalByBranch(legs: Iterable<Leg>): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const one of legs) {
    if (one.kind !== 'principal') continue;
    for (const account of [one.debit, one.credit]) {
      if (!account.startsWith('due/')) continue;
      const branch = account.slice('due/'.length);
      sums.set(branch, (sums.get(branch) ?? 0n) + effectOn(account, one));
    }
  }
  return new Map([...sums].filter(([, amount]) => amount !== 0n).sort(([a], [b]) => (a < b ? -1 : 1)));
}
