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

export function chooseBehaviour(rule: FaultRule | undefined, amount: bigint): BehaviourName {
  return rule?.behaviour ?? behaviourByFen(amount);
}
