import { Controller, Delete, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { Operation, readCookie, ValidBody } from '@yidian/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { assertOwnPage, CustomerCodes, CustomerSessions, ForCustomer, PORTAL_COOKIE } from '../../access';
import type { GatewayConfig } from '../../gateway.config';
import { CONFIG } from '../../platform';
import { deviceCookie } from './device';
import { codeRequest, sessionRequest, sessionView } from './portal.schema';
import { SendSignInCode } from './send-sign-in-code';

@Controller('v1/portal')
export class PortalSessionsController {
  constructor(
    private readonly sendCode: SendSignInCode,
    private readonly codes: CustomerCodes,
    private readonly sessions: CustomerSessions,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Post('codes')
  @HttpCode(204)
  @Operation({
    id: 'sendPortalCode',
    summary: 'Send a sign-in code to a phone',
    description: 'Answered the same whether or not the number is a customer. Needs `X-Requested-With: portal`.',
    door: 'open',
    tag: 'Portal',
    body: codeRequest,
    answers: { 204: null },
    problems: ['number_malformed', 'rate_limited', 'session_required'],
  })
  async code(@Req() request: FastifyRequest, @ValidBody() body: z.output<typeof codeRequest>): Promise<void> {
    assertOwnPage(request, 'portal');
    await this.sendCode.execute(body.number);
  }

  @Post('sessions')
  @Operation({
    id: 'signInCustomer',
    summary: 'Sign in with the code that arrived by SMS',
    description:
      'Sets the cookie yd_portal, and yd_device for the browser. Needs `X-Requested-With: portal`. A code is good once.',
    door: 'open',
    tag: 'Portal',
    body: sessionRequest,
    answers: { 201: sessionView },
    problems: ['number_malformed', 'sign_in_failed', 'session_required'],
  })
  async open(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @ValidBody() { number, code }: z.output<typeof sessionRequest>,
  ): Promise<z.output<typeof sessionView>> {
    assertOwnPage(request, 'portal');
    await this.codes.check(number, code);
    const secure = this.config.PUBLIC_URL.startsWith('https:');
    const browser = deviceCookie(request.headers.cookie, secure);
    void reply.header('set-cookie', [await this.sessions.open(number), browser]);
    return { object: 'portal_session', number, livemode: this.config.livemode };
  }

  @Delete('sessions/current')
  @HttpCode(204)
  @ForCustomer()
  @Operation({
    id: 'signOutCustomer',
    summary: 'Sign out',
    door: 'customer',
    tag: 'Portal',
    answers: { 204: null },
  })
  async close(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const token = readCookie(request.headers.cookie, PORTAL_COOKIE) ?? '';
    void reply.header('set-cookie', await this.sessions.end(token));
  }
}
