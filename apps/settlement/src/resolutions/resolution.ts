import { resolutionsPost } from '@yidian/contracts';
import { fromDigits } from '@yidian/money';
import { createHash } from 'node:crypto';
import type { z } from 'zod';

export type ResolutionItem = z.output<typeof resolutionsPost>['items'][number];
export type ResolutionAction = ResolutionItem['action'];

/**
 * An approved resolution of one break. `waiting`: its provider-day is not settled yet; it is carried out with it.
 * A refusal is an answer too and is kept.
 */
export interface Resolution {
  key: string;
  inputHash: string;
  state: 'waiting' | 'applied' | 'rejected';
  reason: string;
  batchId: string;
  itemId: string;
  provider: string;
  day: string;
  action: ResolutionAction;
  paymentNo: string;
  /** Whose money it becomes: of move_credit the right branch, else the home branch. */
  branch: string;
  acquiringBranch: string;
  channel: string;
  partner: string;
  /** Signed: long positive, short negative. */
  amount: bigint;
  actor: string;
}

export function toResolution(item: ResolutionItem): Resolution {
  const { key, itemId, provider, date: day, action, paymentNo, acquiringBranch, channel, partner } = item;
  const branch = item.to ?? item.branch;
  return {
    ...{ key, itemId, provider, day, action, paymentNo, branch, acquiringBranch, channel, partner },
    inputHash: inputHash(item),
    state: 'waiting',
    reason: '',
    batchId: '',
    amount: fromDigits(item.amount),
    actor: item.actor,
  };
}

/** Over what the resolution does to money, in fixed order; who asks does not change it. */
function inputHash(item: ResolutionItem): string {
  const fields = [
    item.itemId,
    item.provider,
    item.date,
    item.action,
    item.paymentNo,
    item.branch,
    item.acquiringBranch,
    ...(item.to === undefined ? [] : [item.to]),
  ];
  return createHash('sha256')
    .update([...fields, item.channel, item.partner, item.amount].map((field) => `${field.length}:${field}`).join(''))
    .digest('hex');
}

/** Own batch of a resolution that comes after its day was settled. Keys may be long; batch ids may not. */
export const batchIdOf = (key: string): string => `res-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
