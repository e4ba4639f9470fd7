import { cash } from './ledger-fixture';
import { CEILING, guard, GUARD_CEILING, RECEIVABLE, REVENUE, type Move } from './ledger-moves';

interface Leg {
  from: string;
  to: string;
  amount: bigint;
  forced: boolean;
}

/** What a move promises, said without the ledger's own code: under which key, with which content, moving what. */
interface Wanted {
  key: string;
  /** Null: a tombstone, which compares the key only. */
  content: Readonly<Record<string, string>> | null;
  legs: readonly Leg[];
}

interface Known {
  outcome: string;
  reason: string | undefined;
  content: Wanted['content'];
  legs: readonly Leg[];
  hold: (Move & { do: 'hold' }) | undefined;
}

export interface Expected {
  outcome: string;
  reason?: string | undefined;
  conflict?: string | undefined;
}

const HELD = 'held';
const OFFSET = 'refunds';

/** The promise of the write door in some maps: what each key was decided to be, and where every account stands. */
export class Model {
  readonly keys = new Map<string, Known>();
  private readonly balances = new Map<string, bigint>();
  private readonly opened = new Set<string>();
  /** Accounts that a forced move may have taken past their floor. */
  readonly pushed = new Set<string>();

  /** Decides a move as the door must. */
  take(move: Move): Expected {
    const wanted = this.wanted(move);
    if ('outcome' in wanted) return wanted;
    const known = this.keys.get(wanted.key);
    if (known) return this.replay(known, wanted);
    const reason = wanted.content === null ? undefined : this.refusal(wanted, move);
    const outcome = wanted.content === null ? 'voided' : reason === undefined ? 'posted' : 'rejected';
    this.settle(move, outcome, reason);
    return { outcome, reason };
  }

  /** Takes over what the door has decided, as told by its answer to this very move. */
  settle(move: Move, outcome: string, reason?: string): void {
    const wanted = this.wanted(move);
    if ('outcome' in wanted) throw new Error(`${move.do} ${move.key} was decided and could not be`);
    if (this.keys.has(wanted.key)) throw new Error(`${wanted.key} was decided twice`);
    const legs = outcome === 'posted' ? wanted.legs : [];
    const hold = move.do === 'hold' && outcome === 'posted' ? move : undefined;
    this.keys.set(wanted.key, { outcome, reason, content: wanted.content, legs, hold });
    for (const { from, to, amount, forced } of legs) {
      // What a hold put aside is there to be given back: its end pushes nothing down.
      if (forced && move.do !== 'end') this.pushed.add(from);
      this.balances.set(from, this.balance(from) - amount);
      this.balances.set(to, this.balance(to) + amount);
    }
    if (outcome === 'posted') for (const account of openedBy(move)) this.opened.add(account);
  }

  /** What answers say was decided. Postings and holds come first: what ends or undoes them speaks of them. */
  learn(decided: readonly { move: Move; answer: Expected }[]): this {
    const late = ({ move }: { move: Move }): number => (move.do === 'end' || move.do === 'undo' ? 1 : 0);
    for (const { move, answer } of [...decided].sort((a, b) => late(a) - late(b))) {
      if (answer.outcome === 'not_found' || answer.conflict !== undefined) continue;
      if ((move.do === 'give_up') !== (answer.outcome === 'voided')) continue; // another move decided this key
      const wanted = this.wanted(move);
      if (!('outcome' in wanted) && !this.keys.has(wanted.key)) this.settle(move, answer.outcome, answer.reason);
    }
    return this;
  }

  balance(account: string): bigint {
    return this.balances.get(account) ?? 0n;
  }

  /** Under the key of what it would be: `resolve:` of a hold, `reverse:` of a posting. An answer instead: nothing to decide. */
  wanted(move: Move): Wanted | Expected {
    switch (move.do) {
      case 'credit':
      case 'use': {
        const [from, to] = move.do === 'credit' ? [RECEIVABLE, cash(move.who)] : [cash(move.who), REVENUE];
        const content = { amount: String(move.amount), forced: String(move.forced), who: move.who };
        return { key: move.key, content, legs: [{ from, to, amount: move.amount, forced: move.forced }] };
      }
      case 'hold':
        return { key: move.key, content: holdContent(move), legs: holdLegs(move) };
      case 'give_up':
        return { key: move.key, content: null, legs: [] };
      case 'end':
        return this.ending(move);
      case 'undo':
        return this.undoing(move);
    }
  }

  private ending({ key, how }: Move & { do: 'end' }): Wanted | Expected {
    const hold = this.keys.get(key)?.hold;
    if (!hold) return { outcome: 'not_found' };
    if (how === 'expire' && !hold.over) return { outcome: 'not_found', reason: 'not_due' };
    const { who, amount } = hold;
    const legs =
      how === 'post'
        ? [{ from: HELD, to: RECEIVABLE, amount, forced: true }]
        : [
            { from: HELD, to: cash(who), amount, forced: true },
            { from: guard(who), to: OFFSET, amount, forced: true },
          ];
    return { key: `resolve:${key}`, content: { action: how, hold: key }, legs };
  }

  private undoing({ key, forced }: Move & { do: 'undo' }): Wanted | Expected {
    const done = this.keys.get(key);
    if (done?.outcome !== 'posted') return { outcome: 'not_found' };
    const legs = done.legs.map(({ from, to, amount }) => ({ from: to, to: from, amount, forced }));
    return { key: `reverse:${key}`, content: { posting: key, ...(forced ? { forced: 'true' } : {}) }, legs };
  }

  private replay(known: Known, { content }: Wanted): Expected {
    const { outcome, reason } = known;
    if (content === null || known.content === null) return { outcome, reason };
    const names = [...new Set([...Object.keys(known.content), ...Object.keys(content)])].sort();
    const conflict = names.find((name) => known.content?.[name] !== content[name]);
    return { outcome, reason, conflict };
  }

  private refusal({ legs }: Wanted, move: Move): string | undefined {
    const limited = [...new Set(legs.flatMap(({ from, to }) => [from, to]))].filter(isLimited);
    const opens = openedBy(move);
    if (limited.some((account) => !this.opened.has(account) && !opens.includes(account))) return 'account_unknown';
    for (const account of limited) {
      const now = this.balance(account);
      const end = legs.reduce((sum, leg) => sum + effect(leg, account), now);
      const [floor, ceiling] = [0n, account.startsWith('guard/') ? GUARD_CEILING : CEILING];
      if (end < floor && end < now && legs.some((leg) => leg.from === account && !leg.forced)) return 'below_floor';
      if (end > ceiling && end > now && legs.some((leg) => leg.to === account && !leg.forced)) return 'above_ceiling';
    }
    return undefined;
  }
}

const isLimited = (account: string): boolean => /^(subscriber|guard)\//.test(account);

const effect = ({ from, to, amount }: Leg, account: string): bigint =>
  (to === account ? amount : 0n) - (from === account ? amount : 0n);

function openedBy(move: Move): string[] {
  if (move.do === 'credit') return [cash(move.who)];
  return move.do === 'hold' ? [guard(move.who)] : [];
}

const holdLegs = ({ who, amount }: Move & { do: 'hold' }): Leg[] => [
  { from: cash(who), to: HELD, amount, forced: false },
  { from: OFFSET, to: guard(who), amount, forced: false },
];

/** What the ledger itself adds to the content of a hold comes after these by name, and follows from them. */
const holdContent = ({ who, amount, over }: Move & { do: 'hold' }): Record<string, string> => ({
  amount: String(amount),
  who,
  '~expiresAt': String(over),
});
