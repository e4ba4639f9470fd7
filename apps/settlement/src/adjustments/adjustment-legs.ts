import type { AdjustmentLeg, AdjustmentOriginal } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { fromDigits } from '@yidian/money';
import { clearing, due, effectOn, type Leg, type LegKind } from '../batches/leg';
import { providerOf, referenceOf } from './adjustment';

interface End {
  account: string;
  amount: bigint;
}

/**
 * Promise: signed ends become transfers that move each account by exactly its end, or the proposal is refused. Ends of one
 * payment are principal and stay among themselves, so billing is told of one branch and one payment at a time (Rule B); all
 * others are an adjustment that refers to what is corrected.
 * @throws Problem field_invalid
 */
export function transfersOf(original: AdjustmentOriginal, legs: readonly AdjustmentLeg[]): Leg[] {
  if (legs.some(({ account, party }) => account === 'clearing' && party !== providerOf(original)))
    throw refused("clearing is the provider's of the provider-day that is corrected, and no other");
  const payments = [...new Set(legs.map(({ paymentNo }) => paymentNo ?? ''))];
  return payments.flatMap((paymentNo) => {
    const group = legs.filter((one) => (one.paymentNo ?? '') === paymentNo);
    if (paymentNo !== '') assertOneBranch(paymentNo, group);
    const [kind, refersTo]: [LegKind, string] =
      paymentNo === '' ? ['adjustment', referenceOf(original)] : ['principal', paymentNo];
    return paired(endsOf(group), kind, refersTo);
  });
}

/** Principal that is taken from a branch, by payment: no more may be taken than was settled and is left. */
export function takenOf(legs: readonly AdjustmentLeg[]): { paymentNo: string; branch: string; amount: bigint }[] {
  return legs.flatMap(({ account, party: branch, paymentNo, amount }) => {
    const signed = fromDigits(amount);
    return account === 'due' && paymentNo !== undefined && signed < 0n ? [{ paymentNo, branch, amount: -signed }] : [];
  });
}

/** + its statement holds less for us than was settled. */
export const clearingEffect = (provider: string, legs: readonly Leg[]): bigint =>
  legs.reduce((sum, leg) => sum + effectOn(clearing(provider), leg), 0n);

export function accountOf({ account, party }: AdjustmentLeg): string {
  return account === 'due' ? due(party) : `${account}/${party}`;
}

/** A payment that went to the wrong branch as a whole is moved: later refunds then come off the right one. */
function assertOneBranch(paymentNo: string, legs: readonly AdjustmentLeg[]): void {
  const branches = legs.filter(({ account }) => account === 'due');
  if (branches.length !== 1 || legs.some(({ account }) => account === 'payable'))
    throw refused(`the principal of ${paymentNo} lies between one branch and clearing or headquarters`);
}

function endsOf(legs: readonly AdjustmentLeg[]): End[] {
  const ends = legs.map((leg) => ({ account: accountOf(leg), amount: fromDigits(leg.amount) }));
  if (new Set(ends.map(({ account }) => account)).size !== ends.length) throw refused('an account is named twice');
  const off = ends.reduce((sum, { amount }) => sum + amount, 0n);
  if (off !== 0n) throw refused(`they do not sum to zero, but to ${off}`);
  return ends;
}

/** Debits against credits in the order they are named; sums are equal, so both run out together. */
function paired(ends: readonly End[], kind: LegKind, refersTo: string): Leg[] {
  const debits = ends.filter(({ amount }) => amount < 0n).map(({ account, amount }) => ({ account, left: -amount }));
  const legs: Leg[] = [];
  for (const credit of ends.filter(({ amount }) => amount > 0n))
    for (let left = credit.amount; left > 0n;) {
      const debit = debits.find((one) => one.left > 0n);
      if (!debit) throw new Error('credits are more than debits');
      const amount = left < debit.left ? left : debit.left;
      legs.push({ debit: debit.account, credit: credit.account, amount, kind, refersTo });
      debit.left -= amount;
      left -= amount;
    }
  return legs;
}

const refused = (why: string): Problem => new Problem('field_invalid', { detail: `legs: ${why}` });
