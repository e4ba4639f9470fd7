import { shanghaiDate } from '../calendar';
import { bringsNewHolder, isGone, isMove, LIFE } from './life-cycle';
import { newSubscriber } from './new-subscriber';
import { maskOwner, ownerMark } from './owner-name';
import type { SubscriberChange } from './subscriber-change';
import type { Holder, SubscriberRow } from './subscribers.store';

export type ChangeVerdict = { outcome: 'changed'; after: SubscriberRow } | { outcome: 'stale' | 'conflict' };

/**
 * What a change means for the subscriber that holds the number. Order is by when things happened, not by when they are
 * told: what happened before the holder's time, or before the move that led to its state, comes too late to apply. Notices
 * move nothing, so among themselves they are never late.
 */
export function judgeChange(holder: Holder, change: SubscriberChange): ChangeVerdict {
  const { kind, at } = change;
  if (at < holder.validFrom) return { outcome: 'stale' };
  if (!isMove(kind)) return { outcome: 'changed', after: holder };
  if (holder.statusAt && at < holder.statusAt) return { outcome: 'stale' };
  const status = LIFE[holder.status][kind];
  if (!status) return { outcome: 'conflict' };
  if (bringsNewHolder(kind)) {
    const branch = kind === 'ported_in' ? servedBy(change) : holder.branch;
    if (branch === undefined || (kind === 'ported_in' && branch === holder.branch && !isGone(holder.status)))
      return { outcome: 'conflict' };
    return { outcome: 'changed', after: holderFrom(change, branch) };
  }
  const suspendReason = status === 'suspended' ? (reasonOf(change) ?? holder.suspendReason) : '';
  const owner = kind === 'owner_changed' ? handedOver(holder, change.name) : {};
  return { outcome: 'changed', after: { ...holder, ...owner, status, suspendReason, statusAt: at } };
}

/** A source that does not say why is taken to mean loss: the careful reading. */
const reasonOf = ({ kind, suspendReason }: SubscriberChange) =>
  kind === 'suspended' ? (suspendReason ?? 'loss') : undefined;

/** The branch that a number goes to: the one named, else the one whose own system speaks. */
export function servedBy({ branch, source }: SubscriberChange): string | undefined {
  return branch ?? /^bss:(\d{6})$/.exec(source)?.[1];
}

/** A new subscriber from the moment of the change. Its plan is told when the branch registers it. */
export function holderFrom({ msisdn, name, at }: SubscriberChange, branch: string): SubscriberRow {
  const row = newSubscriber({ msisdn, branch, name, plan: 'prepaid', status: 'active' }, shanghaiDate(at));
  return { ...row, statusAt: at };
}

export function handedOver(holder: SubscriberRow, name: string | undefined): Partial<SubscriberRow> {
  return {
    owner: maskOwner(name ?? ''),
    ownerMark: name === undefined ? '' : ownerMark(holder.id, name),
    ownerVersion: holder.ownerVersion + 1,
  };
}
