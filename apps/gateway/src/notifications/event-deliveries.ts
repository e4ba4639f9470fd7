import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { timeText } from '@yidian/http';
import type { GatewayConfig } from '../gateway.config';
import { KeptAnswers, KeySeen } from '../payments/kept-answers';
import { PaymentDoor } from '../payments/payment-door';
import type { Answer, Keyed } from '../payments/payment.schema';
import { CONFIG } from '../platform';
import { EndpointsStore } from './endpoints.store';
import type { ResendView, TryView } from './endpoint.view';
import { eventId, eventKeyOf, eventView } from './event.view';
import { EventsStore, type StoredEvent } from './events.store';
import { resendStatement, TriesStore, type TryRow } from './tries.store';

/** Which tries an event has had, and sending it again: always under the same id. */
@Injectable()
export class EventDeliveries {
  constructor(
    private readonly events: EventsStore,
    private readonly endpoints: EndpointsStore,
    private readonly tries: TriesStore,
    private readonly answers: KeptAnswers,
    private readonly door: PaymentDoor,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** @param partner null: an operator asks. @throws Problem not_found, for another's event too */
  async event(id: string, partner: string | null): Promise<StoredEvent> {
    const key = eventKeyOf(id);
    const event = key && (await this.events.find(key.lane_id, key.batch_no, key.n));
    if (!event || (partner !== null && event.partner !== partner)) throw new Problem('not_found');
    return event;
  }

  async one(id: string, partner: string): Promise<ReturnType<typeof eventView>> {
    return eventView(await this.event(id, partner), this.config.livemode);
  }

  async triesOf(id: string, partner: string | null): Promise<TryView[]> {
    const event = await this.event(id, partner);
    const endpoints = await this.endpoints.list(event.partner);
    return (
      await this.tries.of(
        event,
        endpoints.map((endpoint) => endpoint.id),
      )
    ).map(tryView);
  }

  async latest(filter: { endpoint?: string | undefined; failed: boolean }, limit: number): Promise<TryView[]> {
    return (await this.tries.latest(filter, limit)).map(tryView);
  }

  /** For an operator; harmless when it is said twice. */
  async resendByHand(id: string, endpoint: string | undefined): Promise<ResendView> {
    const { event, targets } = await this.targetsOf(id, null, endpoint);
    await this.tries.resend(event, targets);
    return { object: 'event_resend', event: id, endpoints: targets };
  }

  resend({
    origin,
    idempotencyKey: key,
    body,
  }: Keyed<{ event: string; endpoint?: string | undefined }>): Promise<Answer<ResendView>> {
    const answer = (endpoints: string[]): Answer<ResendView> => ({
      status: 201,
      body: { object: 'event_resend', event: body.event, endpoints },
      replayed: false,
    });
    return this.answers.execute(
      { scope: origin.partner, key, kind: 'event_resend', body },
      {
        first: async (guard) => {
          const { event, targets } = await this.targetsOf(body.event, origin.partner, body.endpoint);
          const kept = await this.door.begin({
            do: 'object',
            guard: { ...guard, object_id: body.event },
            statements: targets.map((target) => resendStatement(event, target)),
          });
          if (kept.result === 'seen') throw new KeySeen(kept.key);
          return answer(targets);
        },
        current: async () => answer((await this.targetsOf(body.event, origin.partner, body.endpoint)).targets),
      },
    );
  }

  /** @throws Problem not_found for an endpoint that is not its partner's, endpoint_disabled when none is active */
  private async targetsOf(
    id: string,
    partner: string | null,
    endpoint: string | undefined,
  ): Promise<{ event: StoredEvent; targets: string[] }> {
    const event = await this.event(id, partner);
    const all = await this.endpoints.list(event.partner);
    const asked = endpoint === undefined ? all : all.filter((one) => one.id === endpoint);
    if (endpoint !== undefined && asked.length === 0) throw new Problem('not_found');
    const targets = asked.filter((one) => one.state === 'active').map((one) => one.id);
    if (targets.length === 0) throw new Problem('endpoint_disabled');
    return { event, targets };
  }
}

function tryView(row: TryRow): TryView {
  return {
    object: 'webhook_try',
    event: eventId(row),
    endpoint: row.endpoint,
    number: row.try_no,
    at: timeText(row.at),
    status: row.status,
    duration_ms: row.ms,
    answer: row.answer,
    error: row.note === '' ? null : row.note,
    ended: row.ended_at !== null,
    delivery: row.state,
    next_at: row.due_at && timeText(row.due_at),
  };
}
