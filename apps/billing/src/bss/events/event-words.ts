import { createHash } from 'node:crypto';
import { msisdn, suspendReason } from '@yidian/contracts';
import { fromJson } from '@yidian/money';
import { z } from 'zod';
import type { SubscriberChange } from '../../subscribers/change-subscriber';

/** What a province may tell of a number; anything else it sends is stored and left alone. */
export const EVENT_TYPES = [
  'low_balance',
  'sim_changed',
  'owner_changed',
  'suspended',
  'resumed',
  'pre_closed',
  'closed',
  'recycled',
  'ported_in',
  'ported_out',
] as const;

const envelope = z.object({
  event_id: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  type: z.string().max(40),
  occurred_at: z.iso.datetime({ offset: true }),
  data: z.unknown(),
});
const data = z.object({
  number: msisdn,
  name: z.string().min(1).max(40).optional(),
  balance: z.number().int().optional(),
  reason: suspendReason.optional(),
});

/** The province's id of the event; null when the bytes are none of its events. */
export function eventIdOf(body: Buffer): string | null {
  return open(body)?.event_id ?? null;
}

/** In our words; `other`: of a kind we do not use; null: a kind that we use, in words that cannot be read. */
export function readEvent(branch: string, body: Buffer): SubscriberChange | 'other' | null {
  const event = open(body);
  if (!event) return null;
  const kind = EVENT_TYPES.find((type) => type === event.type);
  if (!kind) return 'other';
  const said = data.safeParse(event.data);
  if (!said.success) return null;
  const { number, name, balance, reason } = said.data;
  return {
    key: event.event_id,
    msisdn: number,
    kind,
    at: new Date(event.occurred_at),
    source: `bss:${branch}`,
    name,
    balance: balance === undefined ? undefined : fromJson(balance),
    suspendReason: reason,
  };
}

export const digestOf = (body: Buffer): string => createHash('sha256').update(body).digest('hex');

function open(body: Buffer): z.output<typeof envelope> | null {
  try {
    return envelope.parse(JSON.parse(body.toString('utf8')));
  } catch {
    return null;
  }
}
