import { matchRule, type OrderTraits } from '../bank/faults';
import type { StripeBook, StripeRule } from './stripe-book';

/** The wish that meets this request, used up once more. */
export function takeRule(book: StripeBook, what: StripeRule['what'], traits: OrderTraits): StripeRule | undefined {
  const fitting = book.rules.filter((rule) => rule.what === what);
  const id = matchRule(fitting, traits)?.id;
  const rule = fitting.find((candidate) => candidate.id === id);
  if (!rule) return undefined;
  const rules = book.rules.map((one) => (one === rule ? { ...one, times: one.times - 1 } : one));
  book.put({ t: 'rules', rules: rules.filter((one) => one.times > 0) });
  return rule;
}
