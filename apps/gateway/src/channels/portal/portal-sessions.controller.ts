import { Controller, Delete, HttpCode, Post, Req, Res } from '@nestjs/common';
import { newId, Operation, readCookie, ValidBody } from '@yidian/http';
import { maskNumber } from '@yidian/security';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Inject } from '@nestjs/common';
import type { z } from 'zod';
import { assertOwnPage, CustomerCodes, CustomerSessions, ForCustomer, PORTAL_COOKIE } from '../../access';
import type { GatewayConfig } from '../../gateway.config';
import { SmsSender } from '../../notifications/sms-sender';
import { CONFIG } from '../../platform';
import { codeBody, portalSession, sessionBody } from './portal.schema';

/** Signing in by a code that is sent to the number itself. */
@Controller('v1/portal')
export class PortalSessionsController {
  constructor(
    private readonly codes: CustomerCodes,
    private readonly sessions: CustomerSessions,
    private readonly sms: SmsSender,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Post('codes')
  @HttpCode(204)
  @Operation({
    id: 'sendPortalCode',
    summary: 'Send a sign-in code to a number',
    door: 'open',
    tag: 'Portal',
    body: codeBody,
    answers: { 204: null },
    problems: ['number_malformed', 'rate_limited', 'session_required'],
  })
  async code(@Req() request: FastifyRequest, @ValidBody() { number }: z.output<typeof codeBody>): Promise<void> {
    assertOwnPage(request, 'portal');
    const code = await this.codes.create(number);
    await this.sms.send(number, 'sign_in_code', { code }, newId('ses').replace('ses_', 'code_'));
  }

  @Post('sessions')
  @HttpCode(201)
  @Operation({
    id: 'createPortalSession',
    summary: 'Sign in with the code',
    door: 'open',
    tag: 'Portal',
    body: sessionBody,
    answers: { 201: portalSession },
    problems: ['number_malformed', 'sign_in_failed', 'session_required'],
  })
  async signIn(
    @Req() request: FastifyRequest,
    @ValidBody() { number, code }: z.output<typeof sessionBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof portalSession>> {
    assertOwnPage(request, 'portal');
    await this.codes.check(number, code);
    void reply.header('set-cookie', await this.sessions.open(number));
    return { object: 'portal_session', number: maskNumber(number), livemode: this.config.livemode };
  }

  @Delete('sessions/current')
  @HttpCode(204)
  @ForCustomer()
  @Operation({
    id: 'endPortalSession',
    summary: 'Sign out',
    door: 'customer',
    tag: 'Portal',
    answers: { 204: null },
  })
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const token = readCookie(request.headers.cookie, PORTAL_COOKIE) ?? '';
    void reply.header('set-cookie', await this.sessions.end(token));
  }
}
