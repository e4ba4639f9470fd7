import { Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import { IdempotencyKey, listOf, listSchema, Operation, ValidBody, type ListOf } from '@yidian/http';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ForPartner, Partner, type PartnerCaller } from '../../access';
import { endpointSchema, type EndpointView } from '../../notifications/endpoint.view';
import { Endpoints } from '../../notifications/endpoints';
import { answered } from './answered';
import { originOf } from './origin';

const newEndpoint = z.strictObject({ url: z.url().max(300) });
const endpointBody = z.strictObject({ endpoint: z.string().min(1).max(40) });
type EndpointBody = z.output<typeof endpointBody>;

@Controller('v1/webhook_endpoints')
export class WebhookEndpointsController {
  constructor(private readonly endpoints: Endpoints) {}

  @Post()
  @ForPartner('webhooks:manage')
  @Operation({
    id: 'createWebhookEndpoint',
    summary: 'Have events sent to one more address',
    description: 'At most five; each gets every event from now on. In live mode a public https address.',
    door: 'partner',
    tag: 'Events',
    body: newEndpoint,
    answers: { 201: endpointSchema },
    keyed: true,
    problems: ['state_conflict'],
  })
  async create(
    @Partner() partner: PartnerCaller,
    @ValidBody() body: z.output<typeof newEndpoint>,
    @IdempotencyKey() idempotencyKey: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EndpointView> {
    return answered(reply, await this.endpoints.create({ origin: originOf(partner), idempotencyKey, body }));
  }

  @Get()
  @ForPartner('webhooks:manage', 'events:read')
  @Operation({
    id: 'listWebhookEndpoints',
    summary: 'Where events are sent, and whether they arrive',
    door: 'partner',
    tag: 'Events',
    answers: { 200: listSchema(endpointSchema) },
  })
  async list(@Partner() partner: PartnerCaller): Promise<ListOf<EndpointView>> {
    return listOf('/v1/webhook_endpoints', await this.endpoints.list(partner.id), null);
  }

  @Post('enablings')
  @HttpCode(200)
  @ForPartner('webhooks:manage')
  @Operation({
    id: 'enableWebhookEndpoint',
    summary: 'Enable an endpoint that was disabled',
    description:
      'What waited for it is sent at once. What happened while it was disabled is not: pull it with GET /v1/events.',
    door: 'partner',
    tag: 'Events',
    body: endpointBody,
    answers: { 200: endpointSchema },
    keyed: true,
    problems: ['not_found', 'state_conflict'],
  })
  async enable(
    @Partner() partner: PartnerCaller,
    @ValidBody() body: EndpointBody,
    @IdempotencyKey() idempotencyKey: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EndpointView> {
    const command = { origin: originOf(partner), idempotencyKey, body };
    return answered(reply, await this.endpoints.change(command, 'enabled'));
  }

  @Post('endings')
  @HttpCode(200)
  @ForPartner('webhooks:manage')
  @Operation({
    id: 'endWebhookEndpoint',
    summary: 'Send nothing there any more',
    description: 'For good. To move without a gap, add the new address first.',
    door: 'partner',
    tag: 'Events',
    body: endpointBody,
    answers: { 200: endpointSchema },
    keyed: true,
    problems: ['not_found'],
  })
  async end(
    @Partner() partner: PartnerCaller,
    @ValidBody() body: EndpointBody,
    @IdempotencyKey() idempotencyKey: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EndpointView> {
    const command = { origin: originOf(partner), idempotencyKey, body };
    return answered(reply, await this.endpoints.change(command, 'ended'));
  }
}
