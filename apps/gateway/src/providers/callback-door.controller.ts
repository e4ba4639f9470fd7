import { Controller, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { Operation, targetUri } from '@yidian/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { GatewayConfig } from '../gateway.config';
import { CONFIG } from '../platform';
import { CallbackBell } from './callback-bell';
import { CallbacksStore } from './callbacks.store';
import { Providers } from './providers';

/**
 * Promise: the provider's own word for "stored" is said only for an event whose bytes were signed by this provider and are stored. Nothing here
 * knows what the event means; a job finds out later.
 */
@Controller('callbacks')
export class CallbackDoor {
  constructor(
    private readonly providers: Providers,
    private readonly store: CallbacksStore,
    private readonly bell: CallbackBell,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Post(':provider')
  @Operation({
    id: 'providerCallback',
    summary: 'A provider tells what became of an order',
    door: 'provider',
    tag: 'Providers',
    params: z.strictObject({ provider: z.string() }),
    answers: { 200: 'text/plain' },
    problems: ['signature_invalid', 'not_found', 'field_invalid'],
  })
  async take(
    @Param('provider') code: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const provider = this.providers.find(code);
    if (!provider) throw new Problem('not_found');
    const { callbacks } = provider.connector;
    const body = request.rawBody ?? Buffer.alloc(0);
    const { method, headers } = request;
    const verdict = await callbacks.verify({
      method,
      headers,
      body,
      targetUri: targetUri(this.config.PUBLIC_URL, request),
    });
    if (!verdict.verified) throw new Problem('signature_invalid');
    const eventId = callbacks.eventId(body);
    if (eventId === null) throw new Problem('field_invalid', { detail: 'The body holds no event of ours.' });
    if (await this.store.keep(code, eventId, body)) this.bell.ring(code, eventId);
    const { status, contentType, body: stored } = callbacks.acknowledgement;
    void reply.status(status).header('content-type', contentType);
    return stored;
  }
}
