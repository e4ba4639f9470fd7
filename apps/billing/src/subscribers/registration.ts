import type { subscribersRegister } from '@yidian/contracts';
import type { z } from 'zod';
import { handedOver, holderFrom } from './judge-change';
import { isGone, LIFE, type LifeState, type MoveKind } from './life-cycle';
import { newSubscriber } from './new-subscriber';
import { ownerMark } from './owner-name';
import type { Move } from './record-moves';
import type { Holder, SubscriberRow } from './subscribers.store';

export type Registration = z.output<typeof subscribersRegister>['items'][number];

/** What a registration means for the number: how its holder stands afterwards, and the moves that lead there. */
export interface Change {
  row: SubscriberRow;
  moves: Move[];
  /** Nobody held the number. */
  fresh: boolean;
  /** Differs from what is stored in something that is no move, such as the plan. */
  plain: boolean;
}

const SOURCE = 'import';

const KIND_OF: Readonly<Record<Registration['status'], MoveKind>> = {
  active: 'resumed',
  suspended: 'suspended',
  pre_closed: 'pre_closed',
  closed: 'closed',
};

/**
 * A closed number with another name is recycled: a new subscriber, the old account stays with the old one; so is one that
 * comes back from another carrier or is registered by another branch. An open number with another name was handed over:
 * the same account, and the owner's version moves so that a payer who saw the former name is stopped.
 */
export function changeOf(holder: Holder | undefined, registration: Registration, at: Date, date: string): Change {
  if (!holder) return { row: newSubscriber(registration, date), moves: [], fresh: true, plain: false };
  const newcomer = newcomerKind(holder, registration);
  if (newcomer) {
    const { msisdn, name, plan, branch } = registration;
    const row = { ...holderFrom({ key: '', kind: newcomer, msisdn, name, at, source: SOURCE }, branch), plan };
    return walk({ ...holder, plan }, registration, [step(newcomer, holder, row, at)], at);
  }
  return walk(holder, registration, [], at);
}

/** Somebody else has the number from now on, though the branch does not say so. */
function newcomerKind(holder: Holder, { branch, name, status }: Registration): 'recycled' | 'ported_in' | null {
  if (branch !== holder.branch) return 'ported_in';
  if (holder.status === 'closed' && !sameOwner(holder, name)) return 'recycled';
  if (holder.status === 'ported_out' && status !== 'closed') return 'ported_in';
  return null;
}

const sameOwner = (holder: SubscriberRow, name: string): boolean =>
  holder.ownerMark === '' || ownerMark(holder.id, name) === holder.ownerMark;

/** From where the number stands to where the branch says it stands, by moves that the life cycle allows. */
function walk(stored: Holder, registration: Registration, moves: Move[], at: Date): Change {
  let now: SubscriberRow = moves.at(-1)?.after ?? stored;
  const go = (kind: MoveKind, over: Partial<SubscriberRow>): void => {
    const before: Holder = { ...now, validFrom: moves.length > 0 ? at : stored.validFrom };
    const state = LIFE[now.status][kind];
    if (!state) return;
    now = { ...now, ...over, status: state, suspendReason: reasonIn(state, registration, now), statusAt: at };
    moves.push(step(kind, before, now, at));
  };
  const { name, plan, status } = registration;
  if (!sameOwner(now, name)) {
    if (!LIFE[now.status].owner_changed) go('resumed', {});
    go('owner_changed', handedOver(now, name));
  }
  if (!reached(now, registration)) {
    if (!LIFE[now.status][KIND_OF[status]]) go('resumed', {});
    go(KIND_OF[status], {});
  }
  const plain = now.plan !== plan || now.ownerMark === '';
  const named = now.ownerMark === '' ? { ...handedOver(now, name), ownerVersion: now.ownerVersion } : {};
  const row = { ...now, ...named, plan };
  const last = moves.at(-1);
  if (last) moves.splice(-1, 1, { ...last, after: row });
  return { row, moves, fresh: false, plain: plain && moves.length === 0 };
}

/** A reason that the branch leaves out is left as it is. */
function reached({ status, suspendReason }: SubscriberRow, registration: Registration): boolean {
  if (isGone(status) && registration.status === 'closed') return true;
  const told = registration.suspendReason;
  return status === registration.status && (status !== 'suspended' || told === undefined || told === suspendReason);
}

function reasonIn(
  state: LifeState,
  { suspendReason }: Registration,
  before: SubscriberRow,
): SubscriberRow['suspendReason'] {
  if (state !== 'suspended') return '';
  return suspendReason ?? (before.status === 'suspended' ? before.suspendReason : 'loss');
}

const step = (kind: MoveKind, before: Holder, after: SubscriberRow, at: Date): Move => ({
  kind,
  at,
  source: SOURCE,
  before,
  after,
  balance: null,
});
