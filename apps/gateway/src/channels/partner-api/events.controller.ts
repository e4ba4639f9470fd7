import { Controller, Get } from '@nestjs/common';
import { listOf, listSchema, Operation, ValidQuery, type ListOf } from '@yidian/http';
import type { z } from 'zod';
import { ForPartner, Partner, type PartnerCaller } from '../../access';
import { eventView, ListEvents, listEventsQuery, type EventView } from '../../payments';
import { originOf } from './origin';

@Controller('v1/events')
export class EventsController {
  constructor(private readonly events: ListEvents) {}

  @Get()
  @ForPartner('events:read', 'payments:read')
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
}
