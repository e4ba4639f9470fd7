import { bearer, type Bearer, type BonusRefund, type GiftBearer, type TopupItem } from '@yidian/contracts';
import type { Notes } from '@yidian/ledger';
import { fromDigits } from '@yidian/money';

/** A gift that came with a payment, and what becomes of its used part when the payment is taken back. */
export interface GivenGift {
  bonus: bigint;
  bearer: GiftBearer;
  refund: BonusRefund;
}

/** What a credit was made of, in minor units: face = charged + what each bearer added. */
export interface MadeOf {
  charged: bigint;
  added: Readonly<Record<Bearer, bigint>>;
  gift: GivenGift | null;
}

export const BEARERS: readonly Bearer[] = bearer.options;

type Discounts = TopupItem['discounts'];

/** Part of the promise of the key, in one order however it was sent; empty: there are none. */
export function discountsText(discounts: Discounts): string {
  if (!discounts) return '';
  const added = addedBy(discounts);
  return BEARERS.filter((one) => added[one] > 0n)
    .map((one) => `${one} ${added[one]}`)
    .join(', ');
}

export function addedBy(discounts: Discounts): Record<Bearer, bigint> {
  const added = { home: 0n, hq: 0n, provider: 0n, partner: 0n };
  for (const { bearer: by, amount } of discounts ?? []) added[by] += fromDigits(amount);
  return added;
}

export const giftNotes = ({ bonus, bearer: bonusBearer, refund }: GivenGift): Notes => ({
  bonus: String(bonus),
  bonusBearer,
  bonusRefund: refund,
});

/** As the posting of the credit remembers it. */
export function madeOf(input: ReadonlyMap<string, string>, notes: Notes): MadeOf {
  const discounts = (input.get('discounts') ?? '')
    .split(', ')
    .filter((one) => one !== '')
    .map((one) => one.split(' ') as [Bearer, string])
    .map(([by, amount]) => ({ bearer: by, amount }));
  const added = addedBy(discounts);
  const face: bigint = fromDigits(input.get('face') ?? '0');
  const charged = BEARERS.reduce((rest, by) => rest - added[by], face);
  return { charged, added, gift: giftOf(notes) };
}

export function giftOf({ bonus, bonusBearer, bonusRefund }: Notes): GivenGift | null {
  if (bonus === undefined) return null;
  return {
    bonus: fromDigits(bonus),
    bearer: bonusBearer === 'hq' ? 'hq' : 'home',
    refund: bonusRefund === 'refuse' || bonusRefund === 'deduct_cash' ? bonusRefund : 'forfeit',
  };
}
