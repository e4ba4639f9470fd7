import { Controller, Get, Post, Res } from '@nestjs/common';
import {
  IdempotencyKey,
  listOf,
  listSchema,
  Operation,
  ValidBody,
  ValidParams,
  ValidQuery,
  type ListOf,
} from '@yidian/http';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ForPartner, Partner, type PartnerCaller } from '../../access';
import { resendSchema, trySchema, type ResendView, type TryView } from '../../notifications/endpoint.view';
import { EventDeliveries } from '../../notifications/event-deliveries';
import { eventView, ListEvents, listEventsQuery, type EventView } from '../../payments';
import { answered } from './answered';
import { idParams, type IdParams } from './id-params';
import { originOf } from './origin';

const resendBody = z.strictObject({
  event: z.string().min(1).max(40),
  /** Only there; left out: to all active ones. */
  endpoint: z.string().min(1).max(40).optional(),
});

@Controller('v1')
export class EventsController {
  constructor(
    private readonly events: ListEvents,
    private readonly deliveries: EventDeliveries,
  ) {}

  @Get('events')
  @ForPartner('events:read')
  @Operation({
    id: 'listEvents',
    summary: 'The same events as webhooks, to pull',
    description:
      'Oldest first. `next_cursor` is always there: keep it and ask again with it, also after an empty page.',
    door: 'partner',
    tag: 'Events',
    query: listEventsQuery,
    answers: { 200: listSchema(eventView) },
  })
  async list(
    @Partner() partner: PartnerCaller,
    @ValidQuery() query: z.output<typeof listEventsQuery>,
  ): Promise<ListOf<EventView>> {
    const page = await this.events.execute(originOf(partner), query);
    // The cursor of an empty page is still a place to ask from; only `has_more` says whether to ask at once.
    return { ...listOf('/v1/events', page.data, page.next_cursor), has_more: page.has_more };
  }

  @Get('events/:id')
  @ForPartner('events:read')
  @Operation({
    id: 'getEvent',
    summary: 'Read one event',
    door: 'partner',
    tag: 'Events',
    params: idParams,
    answers: { 200: eventView },
    problems: ['not_found'],
  })
  one(@Partner() partner: PartnerCaller, @ValidParams() { id }: IdParams): Promise<EventView> {
    return this.deliveries.one(id, partner.id);
  }

  @Get('events/:id/tries')
  @ForPartner('events:read')
  @Operation({
    id: 'listEventTries',
    summary: 'How often an event was sent, and what was answered',
    description: 'Latest first. `delivery` says what has become of it since, `next_at` when it is sent again.',
    door: 'partner',
    tag: 'Events',
    params: idParams,
    answers: { 200: listSchema(trySchema) },
    problems: ['not_found'],
  })
  async tries(@Partner() partner: PartnerCaller, @ValidParams() { id }: IdParams): Promise<ListOf<TryView>> {
    return listOf(`/v1/events/${id}/tries`, await this.deliveries.triesOf(id, partner.id), null);
  }

  @Post('event_resends')
  @ForPartner('events:read')
  @Operation({
    id: 'resendEvent',
    summary: 'Have an event sent again',
    description: 'At once, with all its tries, under the same event id.',
    door: 'partner',
    tag: 'Events',
    body: resendBody,
    answers: { 201: resendSchema },
    keyed: true,
    problems: ['not_found', 'endpoint_disabled'],
  })
  async resend(
    @Partner() partner: PartnerCaller,
    @ValidBody() body: z.output<typeof resendBody>,
    @IdempotencyKey() idempotencyKey: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ResendView> {
    return answered(reply, await this.deliveries.resend({ origin: originOf(partner), idempotencyKey, body }));
  }
}
