import { MoneyError } from './money';

/**
 * What comes back of a fee or commission when money goes back: `C(a) − C(a − R) − Σ earlier claws`, R = everything refunded
 * so far, this refund included, C = the rule the payment was priced by (C(0) = 0). A full refund returns exactly C(a),
 * whatever the steps; no step is negative as long as C does not fall when the amount rises.
 * @throws MoneyError when more is refunded than was paid: that is a finding of its own, never a negative base
 */
export function clawBack(rule: (amount: bigint) => bigint, paid: bigint, refunded: bigint, earlier: bigint): bigint {
  if (refunded < 0n || refunded > paid) throw new MoneyError('refunds must lie between nothing and what was paid');
  return rule(paid) - rule(paid - refunded) - earlier;
}
