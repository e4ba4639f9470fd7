import type { ChangeKind, NumberStatus } from '@yidian/contracts';

/** `recycled` is the end of a subscriber: its number belongs to another subscriber now, here or at another branch. */
export type LifeState = NumberStatus | 'ported_out' | 'recycled';

/** What moves a subscriber; the other kinds of change only tell something about it. */
export type MoveKind = Exclude<ChangeKind, 'sim_changed' | 'low_balance'>;

/**
 * Which change may follow in which state, and where it leads, as data. A change that leads where the subscriber is already
 * is welcome: news come late and twice, and its time still counts. `recycled` and `ported_in` tell of somebody else: the
 * state is that of the former holder, whose life ends there.
 */
export const LIFE: Readonly<Record<LifeState, Readonly<Partial<Record<MoveKind, LifeState>>>>> = {
  active: {
    suspended: 'suspended',
    resumed: 'active',
    pre_closed: 'pre_closed',
    closed: 'closed',
    ported_out: 'ported_out',
    owner_changed: 'active',
    recycled: 'recycled',
    ported_in: 'recycled',
  },
  suspended: {
    suspended: 'suspended',
    resumed: 'active',
    pre_closed: 'pre_closed',
    closed: 'closed',
    ported_out: 'ported_out',
    owner_changed: 'suspended',
    recycled: 'recycled',
    ported_in: 'recycled',
  },
  /** Asked to leave; what is owed is still taken, and until the end the customer may think better of it. */
  pre_closed: {
    resumed: 'active',
    pre_closed: 'pre_closed',
    closed: 'closed',
    ported_out: 'ported_out',
    recycled: 'recycled',
    ported_in: 'recycled',
  },
  /** resumed: closed by mistake */
  closed: { resumed: 'active', closed: 'closed', recycled: 'recycled', ported_in: 'recycled' },
  /** closed: the branch closes its account; the number stays with the other carrier */
  ported_out: { closed: 'ported_out', ported_out: 'ported_out', recycled: 'recycled', ported_in: 'recycled' },
  recycled: {},
};

export const isMove = (kind: ChangeKind): kind is MoveKind => kind !== 'sim_changed' && kind !== 'low_balance';

/** Another subscriber takes the number; the former one keeps its account. */
export const bringsNewHolder = (kind: MoveKind): boolean => kind === 'recycled' || kind === 'ported_in';

/** What is left on the account goes where money without an owner goes. */
export const closesAccount = (kind: MoveKind): boolean => kind === 'closed' || kind === 'recycled';

/** Nobody can be served under this id any more. */
export const isGone = (state: LifeState): boolean =>
  state === 'closed' || state === 'ported_out' || state === 'recycled';

/**
 * Every state is reached from `active`, only `recycled` is an end, and it is reached from everywhere.
 * @throws Error naming the state that is not
 */
export function assertLife(life: typeof LIFE = LIFE): void {
  const states = Object.keys(life) as LifeState[];
  const reached = reach(life, 'active');
  const lost = states.find((state) => !reached.has(state));
  if (lost) throw new Error(`life cycle: ${lost} cannot be reached from active`);
  const stuck = states.find((state) => !reach(life, state).has('recycled'));
  if (stuck) throw new Error(`life cycle: ${stuck} has no way to its end`);
  if (Object.keys(life.recycled).length > 0) throw new Error('life cycle: recycled is no end');
}

function reach(life: typeof LIFE, start: LifeState): Set<LifeState> {
  const seen = new Set<LifeState>([start]);
  for (const state of seen) for (const next of Object.values(life[state])) seen.add(next);
  return seen;
}
