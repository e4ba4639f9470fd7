import type fastCheck from 'fast-check';
import type { Arbitrary } from 'fast-check';
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
const ENDS = ['post', 'void', 'expire'] as const;
export const RECEIVABLE = 'branch/1/receivable';
export const REVENUE = 'branch/1/revenue';
const OFFSET = 'branch/1/refunds';
export const guard = (who: string): string => `guard/${who}`;

/**
 * Few keys and few people: what may collide does. Keys of credits and uses are undone, keys of holds are ended.
 * @param fc handed in: what runs in a process of its own needs no generator
 */
export function anyMove(fc: typeof fastCheck): Arbitrary<Move> {
  const number = fc.integer({ min: 0, max: 9 });
  const person = fc.constantFrom(...PEOPLE);
  const amount = fc.bigInt({ min: 1n, max: 900n });
  const key = (...kinds: string[]) => fc.tuple(fc.constantFrom(...kinds), number).map(([kind, n]) => `${kind}${n}`);
  const oneIn = (n: number) => fc.integer({ min: 1, max: n }).map((die) => die === 1);
  const does = <D extends Move['do']>(what: D) => fc.constant(what);
  const moves: { weight: number; arbitrary: Arbitrary<Move> }[] = [
    { weight: 6, arbitrary: fc.record({ do: does('credit'), key: key('c'), who: person, amount, forced: oneIn(20) }) },
    { weight: 4, arbitrary: fc.record({ do: does('use'), key: key('u'), who: person, amount, forced: oneIn(6) }) },
    { weight: 4, arbitrary: fc.record({ do: does('hold'), key: key('h'), who: person, amount, over: oneIn(2) }) },
    { weight: 4, arbitrary: fc.record({ do: does('end'), key: key('h'), how: fc.constantFrom(...ENDS) }) },
    { weight: 1, arbitrary: fc.record({ do: does('give_up'), key: key('c', 'u', 'h') }) },
    { weight: 2, arbitrary: fc.record({ do: does('undo'), key: key('c', 'u'), forced: oneIn(4) }) },
  ];
  return fc.oneof(...moves);
}

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
