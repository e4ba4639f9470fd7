/** Which state of an order at a province may follow which, as data; checked for reachability when the process starts. */
export type OrderState = 'requested' | 'sent' | 'unknown' | 'done' | 'refused' | 'given_up';

export const ORDER_MOVES: Readonly<Record<OrderState, readonly OrderState[]>> = {
  /** stored, and surely never at the province */
  requested: ['sent', 'given_up'],
  /** requested: surely nothing left us, and nothing had before */
  sent: ['done', 'refused', 'unknown', 'requested'],
  /** ends by the province's word, query or file; sent: again under the same reference · given_up: surely never carried out */
  unknown: ['done', 'refused', 'sent', 'given_up'],
  done: [],
  refused: [],
  given_up: [],
};

/** Decided: what remains is to book it. */
export const DECIDED: readonly OrderState[] = ['done', 'refused', 'given_up'];

export const canMove = (from: OrderState, to: OrderState): boolean => ORDER_MOVES[from].includes(to);

/** @throws Error naming a state that is not reached from the first, or from which no end is reached */
export function assertOrderStates(moves: Readonly<Record<string, readonly string[]>> = ORDER_MOVES): void {
  const reach = (start: string) => {
    const seen = new Set([start]);
    for (const state of seen) for (const next of moves[state] ?? []) seen.add(next);
    return seen;
  };
  const lost = Object.keys(moves).find((state) => !reach('requested').has(state));
  if (lost) throw new Error(`bss order: ${lost} cannot be reached`);
  const stuck = Object.keys(moves).find((state) => !DECIDED.some((end) => reach(state).has(end)));
  if (stuck) throw new Error(`bss order: no end can be reached from ${stuck}`);
}
