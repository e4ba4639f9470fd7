import { z } from 'zod';
import type { Callbacks, Outcome, ProviderEvent, RawCallback, Taken, Verdict } from '../../../libs/connectors/contract';
import { faultOf } from './seal';
import { orderAnswer, outcomeOf } from './words';

const envelope = z.object({
  event_id: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  type: z.string(),
  occurred_at: z.iso.datetime({ offset: true }),
  order: z.unknown(),
});

/** Who sent it, which event it is, what it says; nothing is believed before the seal over the raw bytes has held. */
export class SampleCallbacks implements Callbacks {
  constructor(
    private readonly secret: string,
    private readonly now: () => Date,
  ) {}

  readonly acknowledgement = { status: 200, contentType: 'text/plain; charset=utf-8', body: 'OK' };

  verify({ headers, body }: RawCallback): Promise<Verdict> {
    if (body.length === 0) return Promise.resolve({ verified: false, fault: 'malformed', detail: 'the body is empty' });
    const fault = faultOf(body, headers, this.secret, this.now());
    return Promise.resolve(fault ? { verified: false, fault, detail: fault } : { verified: true });
  }

  eventId(body: Buffer): string | null {
    return open(body)?.event_id ?? null;
  }

  read(body: Buffer): ProviderEvent | null {
    const event = open(body);
    if (event?.type !== 'order') return null;
    const word = orderAnswer.parse(event.order);
    const occurredAt = new Date(event.occurred_at);
    const said = outcomeOf(word, occurredAt);
    const answer: Outcome<Taken> = said.outcome === 'not_found' ? { outcome: 'unknown', cause: said.outcome } : said;
    return { eventId: event.event_id, occurredAt, type: 'debit', orderNo: word.order_no, answer };
  }
}

function open(body: Buffer): z.output<typeof envelope> | null {
  try {
    return envelope.parse(JSON.parse(body.toString('utf8')));
  } catch {
    return null;
  }
}
