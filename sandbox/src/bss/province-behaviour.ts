/** What a province does with one order, as data. */
export interface ProvinceBehaviour {
  /** What happens to the subscriber's balance. */
  effect: 'do' | 'refuse' | 'none';
  /** What the caller hears: the truth · `pending` · another amount · HTTP 500 · a cut line · nothing until it gives up. */
  answer: 'truth' | 'pending' | 'wrong_amount' | 'error' | 'cut' | 'hang';
  /** The answer leaves this much later. */
  slowMs?: number;
  /** A pending order reaches its effect this long after it came. */
  settlesAfterMs?: number;
  /** Queries never get an answer: only the credit file will tell. */
  silentQueries?: boolean;
}

export const PROVINCE_BEHAVIOURS = {
  succeed: { effect: 'do', answer: 'truth' },
  refuse: { effect: 'refuse', answer: 'truth' },
  no_answer_done: { effect: 'do', answer: 'hang' },
  no_answer_not_done: { effect: 'none', answer: 'hang' },
  error_before: { effect: 'none', answer: 'error' },
  error_after: { effect: 'do', answer: 'error' },
  wrong_amount: { effect: 'do', answer: 'wrong_amount' },
  pending_20s: { effect: 'do', answer: 'pending', settlesAfterMs: 20_000 },
  slow: { effect: 'do', answer: 'truth', slowMs: 2_500 },
  slow_30s: { effect: 'do', answer: 'truth', slowMs: 30_000 },
  cut_after: { effect: 'do', answer: 'cut' },
  silent_until_file: { effect: 'do', answer: 'cut', silentQueries: true },
} as const satisfies Record<string, ProvinceBehaviour>;

export type ProvinceBehaviourName = keyof typeof PROVINCE_BEHAVIOURS;

/** The fen of an amount choose what happens, beside those of the bank's table, so that an outsider can ask for any outcome. */
const BY_FEN: Readonly<Record<string, ProvinceBehaviourName>> = {
  '11': 'refuse',
  '12': 'no_answer_done',
  '13': 'no_answer_not_done',
  '14': 'error_before',
  '15': 'error_after',
  '16': 'wrong_amount',
  '17': 'pending_20s',
  '18': 'slow',
  '19': 'cut_after',
};

/** Somebody's wish for the next orders that fit. Absent members fit every order. */
export interface ProvinceRule {
  id: string;
  behaviour: ProvinceBehaviourName;
  number?: string;
  /** Fen. */
  amount?: string;
  /** Orders left that it will meet. */
  times: number;
}

export function behaviourOf(rule: ProvinceRule | undefined, amount: bigint): ProvinceBehaviourName {
  return rule?.behaviour ?? BY_FEN[(amount % 100n).toString().padStart(2, '0')] ?? 'succeed';
}

/** The latest wish that fits and is not used up. */
export function ruleFor(
  rules: readonly ProvinceRule[],
  order: { number: string; amount: bigint },
): ProvinceRule | undefined {
  return rules.findLast(
    (rule) =>
      rule.times > 0 &&
      (rule.number === undefined || rule.number === order.number) &&
      (rule.amount === undefined || BigInt(rule.amount) === order.amount),
  );
}

export const behaviourNamed = (name: ProvinceBehaviourName): ProvinceBehaviour => PROVINCE_BEHAVIOURS[name];
