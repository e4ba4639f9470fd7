import { clawBack } from '@yidian/money';
import { commissionParts } from '../commissions/commission';
import { feeOf } from '../fees/fee';
import type { FeeSchedule } from '../fees/fee-schedules';
import { clawParts, type Earned } from './earned';
import type { SettledItem } from './settled-item';
import { planById, scheduleById, type Terms } from './terms';

/**
 * C of MONEY §5 for a settled payment: what its fee or commission would be if only `left` of it had been paid, by the rates
 * that stand on the item. C of all of it is the very number on the item, however that was rounded, and C never exceeds it:
 * so a full refund returns exactly what was given and no step is negative.
 */
export function feeLeft(origin: SettledItem, schedule: FeeSchedule, left: bigint): bigint {
  if (left === origin.amount) return origin.fee;
  const rule = origin.feePpm < 0n ? schedule : { ...schedule, ppm: origin.feePpm };
  return least(feeOf(rule, schedule.base === 'face' ? faceLeft(origin, left) : left), origin.fee);
}

/** What of the commission goes back, level by level. @param refunded everything refunded so far, this refund included */
export function clawCommission(
  origin: SettledItem,
  refunded: bigint,
  terms: Terms,
): { claws: Earned[]; left: Earned[]; total: bigint } {
  if (origin.planId === '') return { claws: [], left: [...origin.earned], total: 0n };
  const plan = planById(terms, origin.planId);
  const earned = earnedOf(origin, plan.ppm);
  const rates = earned.map(({ ppm }) => ppm);
  const schedule = scheduleById(terms, origin.scheduleId);
  const partsOf = (left: bigint): bigint[] => {
    if (left === origin.amount) return earned.map(({ amount }) => amount);
    const rest = left - feeLeft(origin, schedule, left);
    const base = plan.base === 'face' ? faceLeft(origin, left) : plan.base === 'charged' ? left : rest > 0n ? rest : 0n;
    return commissionParts(plan, rates, base);
  };
  const rule = (left: bigint): bigint => least(total(partsOf(left)), origin.commission);
  const claw = clawBack(rule, origin.amount, refunded, origin.clawed);
  return { ...clawParts(earned, partsOf(origin.amount - refunded), claw, plan.rest), total: claw };
}

/** Lines settled before cascades were known carry one earner and its plan's rate. */
const earnedOf = (item: SettledItem, ppm: bigint): readonly Earned[] =>
  item.earned.length > 0 ? item.earned : [{ account: item.earner, ppm, amount: item.commission, clawed: item.clawed }];

const faceLeft = ({ face, amount }: SettledItem, left: bigint): bigint =>
  face === amount ? left : (face * left) / amount;

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const total = (parts: readonly bigint[]): bigint => parts.reduce((a, b) => a + b, 0n);
