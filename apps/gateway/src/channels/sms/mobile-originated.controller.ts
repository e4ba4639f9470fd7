import { Controller, Header, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { Operation } from '@yidian/http';
import { sameText } from '@yidian/security';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { GatewayConfig } from '../../gateway.config';
import { smscSignature } from '../../notifications/sms-sender';
import { CONFIG } from '../../platform';
import { KeepMessage } from './keep-message';

const phone = z.string().regex(/^1\d{10}$/);
export const mobileOriginated = z
  .object({
    id: z.string().regex(/^[\x21-\x7e]{1,56}$/),
    from: phone,
    to: z.string().min(1).max(20),
    text: z.string().max(1_000),
    time: z.iso.datetime({ offset: true }),
  })
  .meta({ id: 'MobileOriginated' });

/** The message centre's door. A message is stored under its id before it is taken; what it means comes afterwards. */
@Controller('channels/sms')
export class MobileOriginatedController {
  constructor(
    private readonly keep: KeepMessage,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Post('mo')
  @HttpCode(200)
  @Header('content-type', 'text/plain; charset=utf-8')
  @Operation({
    id: 'takeMessage',
    summary: 'A message from a phone',
    door: 'smsc',
    tag: 'SMS',
    body: mobileOriginated,
    answers: { 200: 'text/plain' },
    problems: ['signature_invalid', 'sms_not_accepted'],
  })
  async receive(@Req() request: FastifyRequest): Promise<string> {
    const { SMSC_SECRET: secret } = this.config;
    const signature = request.headers['x-smsc-signature'];
    const raw = request.rawBody ?? Buffer.alloc(0);
    if (!secret || typeof signature !== 'string' || !sameText(smscSignature(secret, raw), signature)) {
      throw new Problem('signature_invalid');
    }
    const message = mobileOriginated.safeParse(request.body);
    if (!message.success) throw new Problem('sms_not_accepted');
    await this.keep.execute(message.data);
    return '';
  }
}
