import type { EventView } from '../payments/payment.schema';
import type { StoredEvent } from './events.store';

/** The same id whoever asks and however often it is sent: receivers ignore one they have seen. */
export const eventId = (event: Pick<StoredEvent, 'lane_id' | 'batch_no' | 'n'>): string =>
  `evt_${event.lane_id.toString(36)}_${event.batch_no.toString(36)}_${event.n.toString(36)}`;

export function eventView(event: StoredEvent, livemode: boolean): EventView {
  return {
    id: eventId(event),
    object: 'event',
    type: event.type,
    api_version: 'v1',
    created_at: event.created_at.toISOString(),
    livemode,
    sequence: event.sequence,
    data: { object: JSON.parse(event.body) as Record<string, unknown>, previous_state: event.previous_state },
  };
}

/** What an id names, if it is one of ours. */
export function eventKeyOf(id: string): Pick<StoredEvent, 'lane_id' | 'batch_no' | 'n'> | null {
  const parts = /^evt_([0-9a-z]{1,6})_([0-9a-z]{1,10})_([0-9a-z]{1,5})$/.exec(id);
  if (!parts) return null;
  const [lane = 0, batch = 0, n = 0] = parts.slice(1).map((part) => Number.parseInt(part, 36));
  const key = { lane_id: lane, batch_no: BigInt(batch), n };
  return eventId(key) === id ? key : null;
}
