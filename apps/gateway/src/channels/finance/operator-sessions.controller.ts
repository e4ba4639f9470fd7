import { Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { Operation, readCookie, ValidBody } from '@yidian/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  assertOwnPage,
  ForOperator,
  Operator,
  OPERATOR_COOKIE,
  OperatorSessions,
  SignInOperator,
  type OperatorCaller,
  type Role,
} from '../../access';
import type { GatewayConfig } from '../../gateway.config';
import { CONFIG } from '../../platform';
import { OperatorAudit } from './operator-audit';

const signInBody = z.strictObject({
  username: z.string().min(1).max(32),
  password: z.string().min(1).max(200),
  totp: z.string().regex(/^\d{6}$/),
});
const operatorView = z
  .object({
    object: z.literal('operator'),
    username: z.string(),
    name: z.string(),
    roles: z.array(z.string()),
    branch: z.string().nullable(),
    livemode: z.boolean(),
  })
  .meta({ id: 'Operator' });
type OperatorView = z.output<typeof operatorView>;

@Controller('v1/operator_sessions')
export class OperatorSessionsController {
  constructor(
    private readonly signIn: SignInOperator,
    private readonly sessions: OperatorSessions,
    private readonly audit: OperatorAudit,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Post()
  @Operation({
    id: 'signInOperator',
    summary: 'Sign in with password and one-time code',
    description: 'Sets the cookie yd_operator. Needs `X-Requested-With: console`. A code is good once.',
    door: 'open',
    tag: 'Operators',
    body: signInBody,
    answers: { 201: operatorView },
    problems: ['sign_in_failed', 'rate_limited', 'session_required'],
  })
  async open(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @ValidBody() body: z.output<typeof signInBody>,
  ): Promise<OperatorView> {
    assertOwnPage(request, 'console');
    const operator = await this.signIn.execute(body.username, body.password, body.totp);
    void reply.header('set-cookie', await this.sessions.open(operator.username));
    return this.view(operator);
  }

  @Get('current')
  @ForOperator()
  @Operation({
    id: 'getOperatorSession',
    summary: 'Who is signed in',
    door: 'operator',
    tag: 'Operators',
    answers: { 200: operatorView },
  })
  current(@Operator() operator: OperatorCaller): OperatorView {
    return this.view(operator);
  }

  @Delete('current')
  @HttpCode(204)
  @ForOperator()
  @Operation({
    id: 'signOutOperator',
    summary: 'Sign out',
    door: 'operator',
    tag: 'Operators',
    answers: { 204: null },
  })
  async close(
    @Operator() operator: OperatorCaller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.audit.record(operator, 'operator.sign_out', `operator/${operator.username}`);
    const token = readCookie(request.headers.cookie, OPERATOR_COOKIE) ?? '';
    void reply.header('set-cookie', await this.sessions.end(token));
  }

  private view(who: { username: string; name: string; roles: readonly Role[]; branch: string | null }): OperatorView {
    const { username, name, roles, branch } = who;
    return { object: 'operator', username, name, roles: [...roles], branch, livemode: this.config.livemode };
  }
}
