import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { listOf, listSchema, Operation, timeText, ValidBody, ValidParams, ValidQuery, type ListOf } from '@yidian/http';
import { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller, type Role } from '../../access';
import { Alarms } from '../../notifications/alarms';
import {
  endpointSchema,
  ownedEndpointSchema,
  resendSchema,
  trySchema,
  type EndpointView,
  type OwnedEndpointView,
  type ResendView,
  type TryView,
} from '../../notifications/endpoint.view';
import { Endpoints } from '../../notifications/endpoints';
import { EventDeliveries } from '../../notifications/event-deliveries';
import { OperatorAudit } from './operator-audit';
import { assertHeadquarters } from './scope';

const READERS: readonly Role[] = ['operations', 'partner_manager', 'auditor'];
const reason = z.string().trim().min(1).max(200);
const id = z.string().min(1).max(40);
const enablingBody = z.strictObject({ endpoint: id, reason });
const resendBody = z.strictObject({ event: id, endpoint: id.optional(), reason });
const eventParams = z.strictObject({ id });
const triesQuery = z.strictObject({
  endpoint: id.optional(),
  failed: z.enum(['true', 'false']).default('false'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
const alarmsQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) });
const alarmView = z
  .object({
    object: z.literal('alarm'),
    kind: z.string(),
    about: z.string(),
    occasion: z.string(),
    detail: z.string(),
    at: z.string(),
  })
  .meta({ id: 'Alarm' });

/** What goes out to partners, for the carrier's people. */
@Controller('v1/operations')
export class WebhooksController {
  constructor(
    private readonly endpoints: Endpoints,
    private readonly deliveries: EventDeliveries,
    private readonly alarms: Alarms,
    private readonly audit: OperatorAudit,
  ) {}

  @Get('webhook_endpoints')
  @ForOperator(...READERS)
  @Operation({
    id: 'listPartnersEndpoints',
    summary: "Partners' endpoints, and whether they are reached",
    door: 'operator',
    tag: 'Operations',
    answers: { 200: listSchema(ownedEndpointSchema) },
    problems: ['not_found'],
  })
  async list(@Operator() operator: OperatorCaller): Promise<ListOf<OwnedEndpointView>> {
    assertHeadquarters(operator);
    return listOf('/v1/operations/webhook_endpoints', await this.endpoints.all(), null);
  }

  @Post('webhook_endpoint_enablings')
  @HttpCode(200)
  @ForOperator('operations', 'partner_manager')
  @Operation({
    id: 'enablePartnersEndpoint',
    summary: "Enable a partner's endpoint that was disabled",
    description:
      'One that is active stays so (200). One that its partner has ended is not begun anew: `state_conflict`.',
    door: 'operator',
    tag: 'Operations',
    body: enablingBody,
    answers: { 200: endpointSchema },
    problems: ['not_found', 'state_conflict'],
  })
  async enable(
    @Operator() operator: OperatorCaller,
    @ValidBody() body: z.output<typeof enablingBody>,
  ): Promise<EndpointView> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'webhook_endpoint.enable', `webhook_endpoint/${body.endpoint}`, body);
    return this.endpoints.enableByHand(body.endpoint);
  }

  @Post('event_resends')
  @HttpCode(200)
  @ForOperator('operations', 'partner_manager')
  @Operation({
    id: 'resendPartnersEvent',
    summary: 'Send an event again',
    description: 'Under the same event id, to one endpoint or to all active ones of its partner.',
    door: 'operator',
    tag: 'Operations',
    body: resendBody,
    answers: { 200: resendSchema },
    problems: ['not_found', 'endpoint_disabled'],
  })
  async resend(
    @Operator() operator: OperatorCaller,
    @ValidBody() body: z.output<typeof resendBody>,
  ): Promise<ResendView> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'event.resend', `event/${body.event}`, body);
    return this.deliveries.resendByHand(body.event, body.endpoint);
  }

  @Get('webhook_tries')
  @ForOperator(...READERS)
  @Operation({
    id: 'listWebhookTries',
    summary: 'The latest tries to send events',
    door: 'operator',
    tag: 'Operations',
    query: triesQuery,
    answers: { 200: listSchema(trySchema) },
    problems: ['not_found'],
  })
  async tries(
    @Operator() operator: OperatorCaller,
    @ValidQuery() { endpoint, failed, limit }: z.output<typeof triesQuery>,
  ): Promise<ListOf<TryView>> {
    assertHeadquarters(operator);
    const tries = await this.deliveries.latest({ endpoint, failed: failed === 'true' }, limit);
    return listOf('/v1/operations/webhook_tries', tries, null);
  }

  @Get('events/:id/tries')
  @ForOperator(...READERS)
  @Operation({
    id: 'listPartnersEventTries',
    summary: 'How often an event was sent, and what was answered',
    door: 'operator',
    tag: 'Operations',
    params: eventParams,
    answers: { 200: listSchema(trySchema) },
    problems: ['not_found'],
  })
  async triesOf(
    @Operator() operator: OperatorCaller,
    @ValidParams() { id }: z.output<typeof eventParams>,
  ): Promise<ListOf<TryView>> {
    assertHeadquarters(operator);
    return listOf(`/v1/operations/events/${id}/tries`, await this.deliveries.triesOf(id, null), null);
  }

  @Get('alarms')
  @ForOperator(...READERS, 'finance_maker', 'finance_checker')
  @Operation({
    id: 'listAlarms',
    summary: 'What somebody must hear of, latest first',
    door: 'operator',
    tag: 'Operations',
    query: alarmsQuery,
    answers: { 200: listSchema(alarmView) },
    problems: ['not_found'],
  })
  async listAlarms(
    @Operator() operator: OperatorCaller,
    @ValidQuery() { limit }: z.output<typeof alarmsQuery>,
  ): Promise<ListOf<z.output<typeof alarmView>>> {
    assertHeadquarters(operator);
    const rows = await this.alarms.latest(limit);
    const views = rows.map(({ kind, object, occasion, detail, at }) => ({
      object: 'alarm' as const,
      ...{ kind, about: object, occasion, detail },
      at: timeText(at),
    }));
    return listOf('/v1/operations/alarms', views, null);
  }
}
