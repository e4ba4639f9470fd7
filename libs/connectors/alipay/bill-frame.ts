import { fen } from './bill-cells';

/** What the comment lines around a bill's list say: `#起始日期：[2026年11月22日 00:00:00]   终止日期：[…]`. */
export function startDate(comment: string): string | null {
  const match = /起始日期[：:]\s*\[?\s*(\d{4})[年/-](\d{1,2})[月/-](\d{1,2})/.exec(comment);
  const [, year = '', month = '', day = ''] = match ?? [];
  return match ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : null;
}

/** A total of one kind of lines: `#退款合计：2笔，商家实收退款共-0.02元，商家优惠退款共0.00元`. */
export interface Total {
  /** `交易`, `退款`, `收入`, `支出`. */
  of: string;
  count: number;
  /** The first sum of the line, without its sign: the kind of line says which way its money went. */
  amount: bigint;
}

/** @throws MoneyError when the sum is out of range */
export function totalOf(comment: string): Total | null {
  const match = /^#?\s*([^合：:]{1,8})合计[：:]\s*(\d{1,9})\s*笔[^-\d]*(-?)([\d,.]+)\s*元/.exec(comment);
  if (!match) return null;
  const [, of = '', count = '', , amount = ''] = match;
  return { of: of.trim(), count: Number.parseInt(count, 10), amount: fen(amount) };
}

/** `#----…明细列表结束----…` */
export const isEnd = (comment: string): boolean => /列表结束/.test(comment);
