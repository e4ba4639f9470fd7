import type { subscribersRegister } from '@yidian/contracts';
import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { maskOwner, ownerMark } from './owner-name';
import type { SubscriberRow } from './subscribers.store';

export type Registration = z.output<typeof subscribersRegister>['items'][number];

/** What a registration means for the subscriber that holds the number now. */
export type Change =
  | { kind: 'new'; row: SubscriberRow }
  | { kind: 'recycled'; row: SubscriberRow; former: SubscriberRow }
  | { kind: 'owner_changed' | 'updated' | 'same'; row: SubscriberRow };

/**
 * A closed number with another name is recycled: a new subscriber, the old account stays with the old one. An open number
 * with another name was handed over: the same account, and the owner's version moves so that a payer who saw the former
 * name is stopped.
 */
export function changeOf(holder: SubscriberRow | undefined, registration: Registration, date: string): Change {
  if (!holder) return { kind: 'new', row: newSubscriber(registration, date) };
  const { name, plan, status } = registration;
  const sameOwner = ownerMark(holder.id, name) === holder.ownerMark;
  if (!sameOwner && holder.status === 'closed')
    return { kind: 'recycled', row: newSubscriber(registration, date), former: holder };
  if (sameOwner)
    return {
      kind: holder.plan === plan && holder.status === status ? 'same' : 'updated',
      row: { ...holder, plan, status },
    };
  const owner = {
    owner: maskOwner(name),
    ownerMark: ownerMark(holder.id, name),
    ownerVersion: holder.ownerVersion + 1,
  };
  return { kind: 'owner_changed', row: { ...holder, ...owner, plan, status } };
}

function newSubscriber({ msisdn, branch, name, plan, status }: Registration, date: string): SubscriberRow {
  const id = `s${date.replaceAll('-', '').slice(2)}${randomBytes(8).toString('hex')}`;
  return {
    id,
    msisdn,
    branch,
    owner: maskOwner(name),
    ownerMark: ownerMark(id, name),
    ownerVersion: 1,
    plan,
    status,
    registeredOn: date,
  };
}
