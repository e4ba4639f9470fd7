import type { BreakClass, ParetoRow, QualityRow } from '@yidian/contracts';
import { toDigits } from '@yidian/money';

/** Under so many payments a rate says nothing: counts only. */
export const FEWEST_PAYMENTS = 3_000;
/** A process drifts over time; the sigma level is told as of the short term. */
const SHIFT = 1.5;

export interface DefectCell {
  class: BreakClass;
  count: number;
  /** Absolute minor units. */
  amount: bigint;
}

export interface QualityInput {
  of: QualityRow['of'];
  key: string;
  /** Null: not known in this cut. */
  payments: number | null;
  defects: readonly DefectCell[];
}

/** Defects ÷ payments × 10⁶, and the sigma level Φ⁻¹(1 − DPMO/10⁶) + 1.5. */
export function qualityRow({ of, key, payments, defects }: QualityInput): QualityRow {
  const count = defects.reduce((sum, cell) => sum + cell.count, 0);
  const [main] = [...defects].sort((a, b) => b.count - a.count || (a.class < b.class ? -1 : 1));
  const row = { of, key, payments, defects: count, mainClass: main?.class ?? null };
  if (payments === null || payments < FEWEST_PAYMENTS) return { ...row, dpmo: null, sigma: null };
  const dpmo = Math.min(1_000_000, (count / payments) * 1_000_000);
  return { ...row, dpmo: rounded(dpmo, 1), sigma: sigmaOf(dpmo) };
}

/** No defect at all has no level: it is told as over 6. */
function sigmaOf(dpmo: number): string {
  if (dpmo === 0) return '>6.00';
  if (dpmo >= 1_000_000) return '0.00';
  return rounded(Math.max(0, inverseNormal(1 - dpmo / 1_000_000) + SHIFT), 2);
}

/** A rate, not money, with so many places. */
function rounded(rate: number, places: number): string {
  const scale = 10 ** places;
  const whole = Math.round(rate * scale);
  return `${Math.floor(whole / scale)}.${String(whole % scale).padStart(places, '0')}`;
}

/** Classes by number of defects, with the share of all of them up to and with each. */
export function pareto(defects: readonly DefectCell[]): ParetoRow[] {
  const sums = new Map<BreakClass, { count: number; amount: bigint }>();
  for (const { class: cls, count, amount } of defects) {
    const before = sums.get(cls) ?? { count: 0, amount: 0n };
    sums.set(cls, { count: before.count + count, amount: before.amount + amount });
  }
  const all = [...sums.values()].reduce((total, { count }) => total + count, 0);
  let upTo = 0;
  return [...sums]
    .sort(([a, x], [b, y]) => y.count - x.count || (a < b ? -1 : 1))
    .map(([cls, { count, amount }]) => {
      upTo += count;
      const cumulativePpm = all === 0 ? 0 : Math.round((upTo * 1_000_000) / all);
      return { class: cls, count, amount: toDigits(amount), cumulativePpm };
    });
}

const A = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
];
const B = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572];
const C = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const D = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];
const TAIL = 0.02425;

const horner = (factors: readonly number[], x: number): number => factors.reduce((sum, factor) => sum * x + factor, 0);

/** Φ⁻¹ by Acklam's rational approximation: relative error below 1.15 × 10⁻⁹. */
export function inverseNormal(p: number): number {
  if (p < TAIL) return tail(p);
  if (p > 1 - TAIL) return -tail(1 - p);
  const q = p - 0.5;
  const r = q * q;
  return (horner(A, r) * q) / (horner(B, r) * r + 1);
}

function tail(p: number): number {
  const q = Math.sqrt(-2 * Math.log(p));
  return horner(C, q) / (horner(D, q) * q + 1);
}
