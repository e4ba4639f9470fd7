import { clawCascade } from '@yidian/money';

/**
 * What one level earned by one payment: the account, the cumulative rate it was priced by, the amount, and how much of it has
 * been clawed back. Stands on the item, so that a claw-back reads these very numbers. Of a refund `amount` is ≤ 0.
 */
export interface Earned {
  account: string;
  ppm: bigint;
  amount: bigint;
  clawed: bigint;
}

/** `payable/shop 3000 15 0;payable/city 4000 5 0` */
export const printEarned = (parts: readonly Earned[]): string =>
  parts.map(({ account, ppm, amount, clawed }) => `${account} ${ppm} ${amount} ${clawed}`).join(';');

export function readEarned(text: string): Earned[] {
  if (text === '') return [];
  return text.split(';').map((part) => {
    const [account = '', ppm = '', amount = '', clawed = ''] = part.split(' ');
    return { account, ppm: BigInt(ppm), amount: BigInt(amount), clawed: BigInt(clawed) };
  });
}

/** What refunds have already taken of the same line when it was settled before. */
export const withClaws = (parts: readonly Earned[], earlier: readonly Earned[]): Earned[] =>
  parts.map((part, level) => {
    const before = earlier[level];
    return before?.account === part.account ? { ...part, clawed: before.clawed } : part;
  });

/** Takes a claw of the whole cascade from its levels; `due` is what the rule leaves each. */
export function clawParts(
  parts: readonly Earned[],
  due: readonly bigint[],
  total: bigint,
  rest: number,
): { claws: Earned[]; left: Earned[] } {
  const claws = clawCascade(
    total,
    parts.map(({ amount, clawed }, level) => ({ given: amount, clawed, due: due[level] ?? 0n })),
    rest,
  );
  return {
    claws: parts.map((part, level) => ({ ...part, amount: -(claws[level] ?? 0n), clawed: 0n })),
    left: parts.map((part, level) => ({ ...part, clawed: part.clawed + (claws[level] ?? 0n) })),
  };
}

/** A refund line that is undone gives back what it had clawed. */
export const unclaw = (parts: readonly Earned[], claws: readonly Earned[]): Earned[] =>
  parts.map((part, level) => ({ ...part, clawed: part.clawed + (claws[level]?.amount ?? 0n) }));
