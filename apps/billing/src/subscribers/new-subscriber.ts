import type { SuspendReason } from '@yidian/contracts';
import { randomBytes } from 'node:crypto';
import type { LifeState } from './life-cycle';
import { maskOwner, ownerMark } from './owner-name';
import type { Plan } from './subscriber.entity';
import type { SubscriberRow } from './subscribers.store';

export interface Newcomer {
  msisdn: string;
  branch: string;
  /** Left out: not told yet. */
  name?: string | undefined;
  plan: Plan;
  status: LifeState;
  suspendReason?: SuspendReason | undefined;
}

/** An id of its own: an account belongs to it and never to the number. */
export function newSubscriber(newcomer: Newcomer, date: string): SubscriberRow {
  const { msisdn, branch, name, plan, status, suspendReason } = newcomer;
  const id = `s${date.replaceAll('-', '').slice(2)}${randomBytes(8).toString('hex')}`;
  return {
    id,
    msisdn,
    branch,
    owner: maskOwner(name ?? ''),
    ownerMark: name === undefined ? '' : ownerMark(id, name),
    ownerVersion: 1,
    plan,
    status,
    suspendReason: status === 'suspended' ? (suspendReason ?? 'loss') : '',
    statusAt: null,
    registeredOn: date,
  };
}
