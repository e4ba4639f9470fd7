import { effectOn, type Leg, type LegKind } from '../batches/leg';

export type PartyKind = 'branch' | 'provider' | 'partner' | 'hq';

export interface Party {
  kind: PartyKind;
  code: string;
}

/** A leg with whose day or movement it belongs to. */
export type PartyLeg = Leg & { provider?: string };

/** Moves money between headquarters and somebody, or within its own accounts. */
export const PAID: ReadonlySet<LegKind> = new Set<LegKind>([
  ...(['receipt', 'deposit', 'prefund', 'payout', 'booked', 'returned', 'set_off'] as const),
]);

/** Signed minor units: positive = headquarters owes the party. The columns of one party add up to its net. */
export interface Position {
  principal: bigint;
  refunds: bigint;
  fees: bigint;
  commissionGiven: bigint;
  commissionEarned: bigint;
  adjustments: bigint;
  /** Between headquarters and the party: payouts, receipts, set-off. */
  paid: bigint;
}

export const NOTHING: Position = {
  ...{ principal: 0n, refunds: 0n, fees: 0n },
  ...{ commissionGiven: 0n, commissionEarned: 0n, adjustments: 0n, paid: 0n },
};

export const netOf = (p: Position): bigint =>
  p.principal + p.refunds + p.fees + p.commissionGiven + p.commissionEarned + p.adjustments + p.paid;

export const addPosition = (a: Position, b: Position): Position => ({
  principal: a.principal + b.principal,
  refunds: a.refunds + b.refunds,
  fees: a.fees + b.fees,
  commissionGiven: a.commissionGiven + b.commissionGiven,
  commissionEarned: a.commissionEarned + b.commissionEarned,
  adjustments: a.adjustments + b.adjustments,
  paid: a.paid + b.paid,
});

/**
 * Positions are netted multilaterally only among headquarters and its branches: a branch's `due` account is its one position
 * against headquarters, inter-branch commission included. Every provider and partner is a legal person of its own. What
 * waits in suspense is headquarters' until it is resolved. All nets add up to zero.
 */
export function positionsOf(legs: Iterable<PartyLeg>): Map<string, { party: Party; position: Position }> {
  const positions = new Map<string, { party: Party; position: Position }>();
  for (const leg of legs) {
    for (const account of [leg.debit, leg.credit]) {
      const party = partyOf(account, leg);
      const key = `${party.kind}/${party.code}`;
      const before = positions.get(key)?.position ?? NOTHING;
      positions.set(key, { party, position: addPosition(before, shareOf(party.kind, account, leg)) });
    }
  }
  return positions;
}

export function partyOf(account: string, leg: PartyLeg): Party {
  const slash = account.indexOf('/');
  const code = account.slice(slash + 1);
  switch (account.slice(0, slash)) {
    case 'due':
      return { kind: 'branch', code };
    case 'clearing':
      return { kind: 'provider', code };
    case 'payable':
      return { kind: isProviders(account, code, leg) ? 'provider' : 'partner', code };
    case 'prefund':
      return { kind: 'partner', code };
    default:
      return { kind: 'hq', code: 'hq' };
  }
}

/** A provider's payable account holds its invoiced fees; an earner's holds commission. */
const isProviders = (account: string, code: string, { kind, credit, provider }: PartyLeg): boolean =>
  (kind === 'fee' && credit === account) || ((PAID.has(kind) || kind === 'adjustment') && provider === code);

/** What one leg is to one of its ends. */
export function shareOf(kind: PartyKind, account: string, leg: Leg): Position {
  const amount = effectOn(account, leg);
  return { ...NOTHING, [columnOf(kind, account, leg, amount)]: amount };
}

function columnOf(kind: PartyKind, account: string, leg: Leg, amount: bigint): keyof Position {
  if (leg.kind === 'fee') return 'fees';
  if (PAID.has(leg.kind)) return 'paid';
  if (kind === 'hq') return 'adjustments';
  const other = leg.debit === account ? leg.credit : leg.debit;
  if (leg.kind === 'principal' && !other.startsWith('hq/')) {
    const taken = kind === 'branch' ? amount > 0n : amount < 0n;
    return taken ? 'principal' : 'refunds';
  }
  if (leg.kind === 'commission') return amount < 0n ? 'commissionGiven' : 'commissionEarned';
  if (leg.kind === 'claw_back') return amount > 0n ? 'commissionGiven' : 'commissionEarned';
  return 'adjustments';
}
