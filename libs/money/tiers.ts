import { divide, inRange, MoneyError, type Rounding } from './money';

/** From this volume on (inclusive) the rate holds. Minor units, ppm. */
export interface Tier {
  from: bigint;
  ppm: bigint;
}

/** marginal: each slice of the volume at its own tier's rate · retroactive: all of it at the rate of the tier it reached. */
export type TierMode = 'marginal' | 'retroactive';

/** Why these tiers are none, or null: they begin at 0 and rise. */
export function tiersFault(tiers: readonly Tier[]): string | null {
  if (tiers[0]?.from !== 0n) return 'the first tier begins at 0';
  const rising = tiers.every((tier, i) => i === 0 || tier.from > (tiers[i - 1]?.from ?? 0n));
  return rising ? null : 'tiers must rise';
}

/** The tier a volume lies in; a volume on the edge has reached the tier that begins there. Less than nothing is nothing. */
export function tierAt(tiers: readonly Tier[], volume: bigint): Tier {
  const fault = tiersFault(tiers);
  if (fault) throw new MoneyError(fault);
  return tiers.findLast((tier) => tier.from <= volume) ?? (tiers[0] as Tier);
}

/** T(V): the price of a month's volume, rounded once. A volume below zero costs nothing. */
export function monthPrice(tiers: readonly Tier[], mode: TierMode, volume: bigint, rounding: Rounding): bigint {
  const reached = tierAt(tiers, volume);
  if (volume <= 0n) return 0n;
  if (mode === 'retroactive') return inRange(divide(volume * reached.ppm, 1_000_000n, rounding));
  let exact = 0n;
  tiers.forEach((tier, i) => {
    const end = tiers[i + 1]?.from ?? volume;
    const upTo = end < volume ? end : volume;
    if (upTo > tier.from) exact += (upTo - tier.from) * tier.ppm;
  });
  return inRange(divide(exact, 1_000_000n, rounding));
}
