/** What the bank does with one order, as data. Everything a real bank has been seen to do to its callers. */
export interface Behaviour {
  /** What happens to the payer's money. */
  effect: 'take' | 'refuse' | 'none';
  reason?: 'insufficient_funds' | 'limit';
  /** What the caller hears: the truth · `pending` · another amount · HTTP 500 · a cut line · nothing until it gives up. */
  answer: 'truth' | 'pending' | 'wrong_amount' | 'error' | 'cut' | 'hang';
  /** The answer leaves this much later. */
  slowMs?: number;
  /** A pending order reaches its effect this long after it came. */
  settlesAfterMs?: number;
  /** How many times the callback with the true outcome is sent. */
  callbacks: number;
  /** A callback that says "succeeded", signed with a key that is not the bank's. */
  forgedCallback?: boolean;
  /** Queries that get no answer before the first that does; `Infinity`: only the statement will tell. */
  silentQueries?: number;
  /** Until it has settled, queries say "not found" instead of "pending". */
  hidden?: boolean;
}

export const BEHAVIOURS = {
  succeed: { effect: 'take', answer: 'truth', callbacks: 0 },
  declined_funds: { effect: 'refuse', reason: 'insufficient_funds', answer: 'truth', callbacks: 0 },
  declined_limit: { effect: 'refuse', reason: 'limit', answer: 'truth', callbacks: 0 },
  no_answer_done: { effect: 'take', answer: 'hang', callbacks: 0 },
  no_answer_not_done: { effect: 'none', answer: 'hang', callbacks: 0 },
  callback_twice: { effect: 'take', answer: 'pending', settlesAfterMs: 300, callbacks: 2 },
  late: { effect: 'take', answer: 'hang', settlesAfterMs: 45_000, callbacks: 1, hidden: true },
  wrong_echo: { effect: 'take', answer: 'wrong_amount', callbacks: 0 },
  forged_callback: {
    effect: 'refuse',
    reason: 'insufficient_funds',
    answer: 'pending',
    settlesAfterMs: 4_000,
    callbacks: 1,
    forgedCallback: true,
  },
  pending_20s: { effect: 'take', answer: 'pending', settlesAfterMs: 20_000, callbacks: 1 },
  error_before: { effect: 'none', answer: 'error', callbacks: 0 },
  error_after: { effect: 'take', answer: 'error', callbacks: 0 },
  cut_after: { effect: 'take', answer: 'cut', callbacks: 0, silentQueries: 1 },
  slow: { effect: 'take', answer: 'truth', slowMs: 2_500, callbacks: 0 },
  silent_until_statement: { effect: 'take', answer: 'cut', callbacks: 0, silentQueries: Number.POSITIVE_INFINITY },
} as const satisfies Record<string, Behaviour>;

export type BehaviourName = keyof typeof BEHAVIOURS;

/** The partner guide's table: the fen of an amount chooses what happens, so that an outsider can ask for any outcome. */
const BY_FEN: Readonly<Record<string, BehaviourName>> = {
  '01': 'declined_funds',
  '02': 'declined_limit',
  '03': 'no_answer_done',
  '04': 'no_answer_not_done',
  '05': 'callback_twice',
  '06': 'late',
  '07': 'wrong_echo',
  '08': 'forged_callback',
  '09': 'pending_20s',
};

/** @param amount fen */
export function behaviourByFen(amount: bigint): BehaviourName {
  return BY_FEN[(amount % 100n).toString().padStart(2, '0')] ?? 'succeed';
}

export function behaviour(name: BehaviourName): Behaviour {
  return BEHAVIOURS[name];
}
