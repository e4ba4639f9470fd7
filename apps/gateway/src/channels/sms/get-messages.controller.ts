import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { Operation } from '@yidian/http';
import { sameText } from '@yidian/security';
import { gsm7Letters } from '@yidian/smpp';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../../gateway.config';
import { CONFIG } from '../../platform';
import { readGetQuery } from './get-query';
import { KeepMessage } from './keep-message';
import { ReplyInBody } from './reply-in-body';

/**
 * The door for gateways that bring a text by GET and take its answer as plain text. Numbers stand in its address, against the
 * rule of every other door, because such gateways know no other way: it belongs on an inner network.
 */
@Controller('channels/sms')
export class GetMessagesController {
  constructor(
    private readonly keep: KeepMessage,
    private readonly reply: ReplyInBody,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Get('get')
  @Operation({
    id: 'takeMessageByGet',
    summary: 'A message from a phone, by a gateway such as Kannel',
    description:
      'Query: id, from, to, text, time, and coding and charset where the text is not UTF-8; key, or a basic password, is the ' +
      "door's key. The answer is the text for the sender, or nothing when it follows by itself.",
    door: 'smsc',
    tag: 'SMS',
    answers: { 200: 'text/plain' },
    problems: ['signature_invalid', 'sms_not_accepted'],
  })
  async receive(@Req() request: FastifyRequest, @Res() answer: FastifyReply): Promise<void> {
    const { key, message } = readGetQuery(request.raw.url ?? '');
    this.check(key, request.headers.authorization ?? '');
    if (!message) throw new Problem('sms_not_accepted');
    const id = `get-${message.id}`;
    await this.keep.execute({ id, from: message.from, text: message.text });
    const text = await this.reply.execute(id);
    // Kannel sends what is not of the GSM alphabet as it is only when it is told so.
    if (!gsm7Letters(text)) void answer.header('x-kannel-coding', '2');
    await answer.code(200).header('content-type', 'text/plain; charset=utf-8').send(text);
  }

  private check(key: string, authorization: string): void {
    const { SMS_GET_KEY: ours } = this.config;
    const basic = /^Basic ([A-Za-z0-9+/=]+)$/.exec(authorization)?.[1];
    const password = basic && Buffer.from(basic, 'base64').toString().split(':').slice(1).join(':');
    if (!ours || ![key, password].some((given) => given && sameText(given, ours)))
      throw new Problem('signature_invalid');
  }
}
