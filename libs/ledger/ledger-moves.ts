import fc from 'fast-check';
import { cash, DAY } from './ledger-fixture';
import type { Ledger } from './ledger';
import type { HoldInput, PostingAnswer, PostingInput, TransferInput } from './posting';

/** What property tests do to a ledger: plain data, so that another process can be told to do it. */
export type Move =
  | { do: 'credit' | 'use'; key: string; who: string; amount: bigint; forced: boolean }
  | { do: 'hold'; key: string; who: string; amount: bigint; over: boolean }
  | { do: 'end'; key: string; how: 'post' | 'void' | 'expire' }
  | { do: 'give_up'; key: string }
  | { do: 'undo'; key: string; forced: boolean };

export const CEILING = 3_000n;
export const GUARD_CEILING = 600n;
export const PEOPLE = ['a', 'b', 'c'] as const;
export const RECEIVABLE = 'branch/1/receivable';
export const REVENUE = 'branch/1/revenue';
const OFFSET = 'branch/1/refunds';
export const guard = (who: string): string => `guard/${who}`;

/** Few keys and few people: what may collide does. Keys of credits and uses are undone, keys of holds are ended. */
const number = fc.integer({ min: 0, max: 9 });
const who = fc.constantFrom(...PEOPLE);
const amount = fc.bigInt({ min: 1n, max: 900n });
const often = (n: number) => fc.integer({ min: 1, max: n }).map((die) => die === 1);
const moveOf = <D extends Move>(weight: number, arbitrary: fc.Arbitrary<D>) => ({ weight, arbitrary });

export const anyMove: fc.Arbitrary<Move> = fc.oneof(
  moveOf(
    6,
    fc.record({ do: fc.constant('credit' as const), key: number.map((n) => `c${n}`), who, amount, forced: often(20) }),
  ),
  moveOf(
    4,
    fc.record({ do: fc.constant('use' as const), key: number.map((n) => `u${n}`), who, amount, forced: often(6) }),
  ),
  moveOf(
    4,
    fc.record({ do: fc.constant('hold' as const), key: number.map((n) => `h${n}`), who, amount, over: often(2) }),
  ),
  moveOf(
    4,
    fc.record({
      do: fc.constant('end' as const),
      key: number.map((n) => `h${n}`),
      how: fc.constantFrom('post' as const, 'void' as const, 'expire' as const),
    }),
  ),
  moveOf(
    1,
    fc.record({
      do: fc.constant('give_up' as const),
      key: fc.tuple(fc.constantFrom('c', 'u', 'h'), number).map(([kind, n]) => `${kind}${n}`),
    }),
  ),
  moveOf(
    2,
    fc.record({
      do: fc.constant('undo' as const),
      key: fc.tuple(fc.constantFrom('c', 'u'), number).map(([kind, n]) => `${kind}${n}`),
      forced: often(4),
    }),
  ),
);

/** Accounts and keys of one round, apart from every other. */
export class Round {
  constructor(readonly name: string) {}

  person = (who: string): string => `${this.name}${who}`;
  key = (key: string): string => `${this.name}-${key}`;

  posting({ do: what, key, who, amount, forced }: Move & { do: 'credit' | 'use' }): PostingInput {
    const account = cash(this.person(who));
    const leg: TransferInput =
      what === 'credit'
        ? { debit: RECEIVABLE, credit: account, amount, kind: 'topup', forced }
        : { debit: account, credit: REVENUE, amount, kind: 'usage', forced };
    return {
      ...{ key: this.key(key), keyDay: DAY, actor: 'test' },
      input: { amount: String(amount), forced: String(forced), who },
      transfers: [leg],
      ...(what === 'credit' ? { opens: [{ id: account, kind: 'cash', floor: 0n, ceiling: CEILING }] } : {}),
    };
  }

  hold({ key, who, amount, over }: Move & { do: 'hold' }): HoldInput {
    const person = this.person(who);
    return {
      ...{ key: this.key(key), keyDay: DAY, actor: 'test' },
      input: { amount: String(amount), who },
      take: { debit: cash(person), credit: RECEIVABLE, amount, kind: 'refund' },
      guards: [{ debit: OFFSET, credit: guard(person), amount, kind: 'guard' }],
      opens: [{ id: guard(person), kind: 'guard', floor: 0n, ceiling: GUARD_CEILING }],
      expiresAt: new Date(over ? '2026-01-01T00:00:00Z' : '2099-01-01T00:00:00Z'),
    };
  }

  accounts(): string[] {
    return PEOPLE.flatMap((who) => [cash(this.person(who)), guard(this.person(who))]);
  }
}

export function make(ledger: Ledger, round: Round, move: Move): Promise<PostingAnswer> {
  const named = { key: round.key(move.key), keyDay: DAY, actor: 'test' };
  switch (move.do) {
    case 'credit':
    case 'use':
      return ledger.post(round.posting({ ...move, do: move.do }));
    case 'hold':
      return ledger.hold(round.hold(move));
    case 'end':
      return ledger.resolve({ ...named, action: move.how });
    case 'give_up':
      return ledger.void(named);
    case 'undo':
      return ledger.reverse({ ...named, forced: move.forced });
  }
}
