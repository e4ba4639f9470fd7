import { HQ_FEES, HQ_GAIN, HQ_LOSS, due, leg, suspense, type Leg } from '../batches/leg';
import { feeDifferenceLegs, feeGap } from '../items/fee-legs';
import { pricePayment, releaseLegs } from '../items/settle-payment';
import { coveredBy, priceRefund, refundLegs } from '../items/settle-refund';
import type { SettledItem } from '../items/settled-item';
import { scheduleById, type Terms } from '../items/terms';
import type { Resolution } from './resolution';

/** The statement line a resolution speaks of, as it lies now. */
export interface Resolvable {
  /** null: the day's statement does not have it (a short). */
  item: SettledItem | null;
  /** What of it lies in suspense, credits − debits. */
  open: bigint;
  /** Of a refund or return line: the payment it undoes, when we have settled it. */
  origin: SettledItem | null;
}

export type Effect =
  | { outcome: 'applied'; legs: Leg[]; item?: SettledItem; origin?: SettledItem }
  | { outcome: 'rejected'; reason: 'amount_mismatch' | 'branch_unknown' | 'not_on_statement' | 'state_conflict' };

const applied = (legs: Leg[], item?: SettledItem, origin?: SettledItem): Effect => ({
  outcome: 'applied',
  legs,
  ...(item ? { item } : {}),
  ...(origin ? { origin } : {}),
});
const rejected = (reason: Extract<Effect, { outcome: 'rejected' }>['reason']): Effect => ({
  outcome: 'rejected',
  reason,
});

/**
 * What an approved resolution moves in the money ledger. An item leaves suspense once: a second resolution that wants the
 * same end finds it there and moves nothing, one that wants another end is refused.
 */
export function resolveItem(resolution: Resolution, at: Resolvable, terms: Terms): Effect {
  if (at.item?.class === 'stands_alone') return standAlone(resolution, at, terms);
  switch (resolution.action) {
    case 'credit':
    case 'confirm_paid':
    case 'reverse_credit':
      return toBranch(resolution, at, terms);
    case 'refund_payer':
      return toPayer(at);
    case 'write_off':
      return writeOff(resolution, at, terms);
    case 'accept':
    case 'correct_fee':
      return accept(resolution, at, terms);
    case 'move_credit':
      return toOtherBranch(resolution, at);
  }
}

/**
 * A line of no payment: a charge that is accepted is headquarters' cost (row 12), for it has no bearers of its own; what was
 * offset in suspense is at its end; the rest can only be written off.
 */
function standAlone(resolution: Resolution, at: Resolvable, terms: Terms): Effect {
  const { item, open } = at;
  if (resolution.action === 'write_off' || !item) return writeOff(resolution, at, terms);
  if (resolution.action !== 'accept') return rejected('state_conflict');
  if (open === 0n) return applied([]);
  if (item.kind !== 'fee') return rejected('state_conflict');
  const legs = leg(HQ_FEES, suspense(terms.provider), -open, 'fee_difference', item.itemId);
  return applied(legs, { ...item, place: 'written_off' });
}

/** Row 15: what is left of a settled payment goes on to the branch it should have been credited at; fee and commission stay. */
function toOtherBranch({ branch }: Resolution, { item }: Resolvable): Effect {
  if (!item) return rejected('not_on_statement');
  if (branch === '') return rejected('branch_unknown');
  if (item.place !== 'due' || item.kind !== 'payment') return rejected('state_conflict');
  if (item.branch === branch) return applied([]);
  const moved = leg(due(item.branch), due(branch), item.amount - item.refunded, 'principal', item.itemId);
  return applied(moved, { ...item, branch });
}

/** Rows 4b and 6b: suspense → due with principal, fee and commission; of a return line the other way round. */
function toBranch(resolution: Resolution, { item, origin }: Resolvable, terms: Terms): Effect {
  if (!item) return rejected('not_on_statement');
  if (item.place === 'due') return applied([]);
  if (item.place !== 'suspense') return rejected('state_conflict');
  if (size(resolution.amount) !== size(item.amount)) return rejected('amount_mismatch');
  if (item.amount > 0n) {
    if (resolution.branch === '') return rejected('branch_unknown');
    const priced = pricePayment(named(item, resolution), terms);
    return applied(releaseLegs(priced, terms), priced);
  }
  if (!origin || origin.place !== 'due' || !coveredBy(item, origin)) return rejected('state_conflict');
  const undone = priceRefund(item, origin, terms);
  // The return's own fee is carried by the fee's bearers: about it the file is the contract.
  const schedule = scheduleById(terms, undone.item.scheduleId);
  const gap = feeDifferenceLegs(undone.item, schedule, feeGap(undone.item, schedule));
  return applied([...refundLegs(undone.item, terms, 'suspense'), ...gap], undone.item, undone.origin);
}

/** Row 4c begins: the money stays in suspense until the provider's refund line takes it. */
function toPayer({ item }: Resolvable): Effect {
  if (item?.place === 'written_off' || (item && item.amount < 0n)) return rejected('state_conflict');
  if (item?.place !== 'suspense') return applied([]);
  return applied([], { ...item, place: 'refunding' });
}

/** Rows 13c and 14: headquarters bears a short, takes a long nobody claims, closes a difference. */
function writeOff(resolution: Resolution, { item, open }: Resolvable, terms: Terms): Effect {
  if (!item && resolution.branch === '') return rejected('branch_unknown');
  if (!item) return applied(leg(HQ_LOSS, due(resolution.branch), size(resolution.amount), 'principal'));
  if (open === 0n) return item.place === 'written_off' ? applied([]) : rejected('state_conflict');
  const waiting = suspense(terms.provider);
  const legs =
    open > 0n
      ? leg(waiting, HQ_GAIN, open, 'write_off', item.itemId)
      : leg(HQ_LOSS, waiting, -open, 'write_off', item.itemId);
  return applied(legs, item.place === 'suspense' ? { ...item, place: 'written_off' } : undefined);
}

/**
 * Row 12 accepted: what the file kept back beyond the contract goes to the fee's bearers. A line whose reference alone
 * differed is accepted as the payment it names.
 */
function accept(resolution: Resolution, at: Resolvable, terms: Terms): Effect {
  const { item, open } = at;
  if (!item || item.place === 'skipped') return applied([]);
  if (item.place === 'suspense')
    return item.class === 'reference_mismatch' ? toBranch(resolution, at, terms) : rejected('state_conflict');
  if (item.place === 'refunding') return rejected('state_conflict');
  if (open === 0n) return applied([]);
  if (item.scheduleId === '')
    return applied(leg(HQ_FEES, suspense(terms.provider), -open, 'fee_difference', item.itemId));
  return applied(feeDifferenceLegs(item, scheduleById(terms, item.scheduleId), -open));
}

/** An unmatched line may not know its branch; the resolution does. */
const named = (
  item: SettledItem,
  { paymentNo, branch, acquiringBranch, channel, partner }: Resolution,
): SettledItem => ({
  ...item,
  ...{ paymentNo, branch, acquiringBranch, channel, partner },
});

const size = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
