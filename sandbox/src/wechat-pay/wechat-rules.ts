import { matchRule, type OrderTraits } from '../bank/faults';
import type { WechatBook, WechatRule } from './wechat-book';

/** The wish that meets this request, used up once more. */
export function takeRule(book: WechatBook, what: WechatRule['what'], traits: OrderTraits): WechatRule | undefined {
  const fitting = book.rules.filter((rule) => rule.what === what);
  const id = matchRule(fitting, traits)?.id;
  const rule = fitting.find((candidate) => candidate.id === id);
  if (!rule) return undefined;
  const rules = book.rules.map((r) => (r === rule ? { ...r, times: r.times - 1 } : r));
  book.put({ t: 'rules', rules: rules.filter((r) => r.times > 0) });
  return rule;
}
