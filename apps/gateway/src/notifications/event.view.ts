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
