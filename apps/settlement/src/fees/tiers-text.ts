import type { Tier } from '@yidian/money';

/** `0:3800 100000:3000`: from which volume which rate. */
export const printTiers = (tiers: readonly Tier[]): string => tiers.map(({ from, ppm }) => `${from}:${ppm}`).join(' ');

export function readTiers(text: string): Tier[] {
  if (text === '') return [];
  return text.split(' ').map((part) => {
    const [from = '', ppm = ''] = part.split(':');
    return { from: BigInt(from), ppm: BigInt(ppm) };
  });
}
