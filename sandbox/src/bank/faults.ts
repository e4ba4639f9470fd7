import { type BehaviourName, behaviourByFen } from './behaviour';

/** Somebody's wish for the next orders that fit. Absent members fit every order. */
export interface FaultRule {
  id: string;
  behaviour: BehaviourName;
  agreementRef?: string;
  /** Fen. */
  amount?: string;
  /** Orders left that it will meet. */
  times: number;
}

/** Of a provider whose refunds can be wished for, too. */
export type ProviderRule = FaultRule & { what: 'debit' | 'refund' };

export interface OrderTraits {
  agreementRef: string;
  amount: bigint;
}

/** The first fitting rule that is not used up; the latest wish comes first. */
export function matchRule(rules: readonly FaultRule[], order: OrderTraits): FaultRule | undefined {
  return rules.findLast(
    (rule) =>
      rule.times > 0 &&
      (rule.agreementRef === undefined || rule.agreementRef === order.agreementRef) &&
      (rule.amount === undefined || BigInt(rule.amount) === order.amount),
  );
}

/** What keeps the wishes of one provider. */
export interface RuleBook {
  readonly rules: readonly ProviderRule[];
  put(event: { t: 'rules'; rules: ProviderRule[] }): void;
}

/** The wish that meets this request, used up once more. */
export function takeRule(book: RuleBook, what: ProviderRule['what'], traits: OrderTraits): ProviderRule | undefined {
  const id = matchRule(
    book.rules.filter((rule) => rule.what === what),
    traits,
  )?.id;
  const rule = book.rules.find((candidate) => candidate.what === what && candidate.id === id);
  if (!rule) return undefined;
  const rules = book.rules.map((one) => (one === rule ? { ...one, times: one.times - 1 } : one));
  book.put({ t: 'rules', rules: rules.filter(({ times }) => times > 0) });
  return rule;
}

export function chooseBehaviour(rule: FaultRule | undefined, amount: bigint): BehaviourName {
  return rule?.behaviour ?? behaviourByFen(amount);
}
