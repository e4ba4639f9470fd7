import { divide, inRange, MoneyError, ofPpm, type Rounding } from './money';

const PPM = 1_000_000n;

/**
 * Splits what is earned on `base` over the levels of a cascade. `rates` are cumulative, bottom level first: each level earns
 * its rate minus the one below it, floored; the level at `rest` takes what remains of round(base × top rate), so the parts add
 * up to the plan's total. No part is negative.
 * @param base ≥ 0
 * @throws MoneyError when rates fall on the way up, or `rest` names no level
 */
export function splitCascade(base: bigint, rates: readonly bigint[], rest: number, rounding: Rounding): bigint[] {
  if (base < 0n) throw new MoneyError('a cascade is earned on a positive amount');
  if (!Number.isInteger(rest) || rest < 0 || rest >= rates.length) throw new MoneyError('rest must name a level');
  const parts = rates.map((rate, level) => {
    const below = level === 0 ? 0n : (rates[level - 1] ?? 0n);
    if (rate < below) throw new MoneyError('a level cannot earn less than the level below it');
    return (base * (rate - below)) / PPM;
  });
  const total = ofPpm(base, rates.at(-1) ?? 0n, rounding);
  parts[rest] = 0n;
  parts[rest] = inRange(total - parts.reduce((a, b) => a + b, 0n));
  return parts;
}

/** What one level was given and what of it is clawed back by now; `due` = what the rule leaves it after this refund. */
export interface CascadeClaw {
  given: bigint;
  clawed: bigint;
  due: bigint;
}

/**
 * Spreads the claw-back of a whole cascade over its levels: each gives back what the rule no longer leaves it, the level at
 * `rest` the remainder. Floors may move a unit between levels from one refund to the next; a level that would get one back
 * keeps its part for the next refund instead, so that no level's claw is ever negative and a full refund takes exactly what
 * each was given.
 * @param total the whole cascade's claw, ≥ 0: Σ of the answer
 */
export function clawCascade(total: bigint, levels: readonly CascadeClaw[], rest: number): bigint[] {
  let left = total;
  const claws = levels.map(({ given, clawed, due }, level) => {
    if (level === rest) return 0n;
    const wanted = given - due - clawed;
    const claw = wanted < 0n ? 0n : wanted < left ? wanted : left;
    left -= claw;
    return claw;
  });
  claws[rest] = left;
  return claws;
}

/** A tax-inclusive amount at a rate in ppm of the net: tax = round(gross·r/(1+r)), net = gross − tax. */
export function splitTax(gross: bigint, ratePpm: bigint): { net: bigint; tax: bigint } {
  const tax = divide(gross * ratePpm, PPM + ratePpm);
  return { net: gross - tax, tax };
}
