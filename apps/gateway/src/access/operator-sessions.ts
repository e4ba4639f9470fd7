import { Inject, Injectable } from '@nestjs/common';
import { newId, sessionCookie } from '@yidian/http';
import { newToken, tokenHash } from '@yidian/security';
import type { GatewayConfig } from '../gateway.config';
import { CONFIG } from '../platform';
import type { OperatorCaller } from './caller';
import { OperatorsStore } from './operators.store';
import { IDLE_S, LONGEST_S, TOUCH_S } from './session-times';
import { SessionsStore } from './sessions.store';

export const OPERATOR_COOKIE = 'yd_operator';

@Injectable()
export class OperatorSessions {
  constructor(
    private readonly sessions: SessionsStore,
    private readonly operators: OperatorsStore,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** @returns value of Set-Cookie */
  async open(username: string, now: Date = new Date()): Promise<string> {
    const token = newToken();
    const expiresAt = new Date(now.getTime() + LONGEST_S.operator * 1000);
    await this.sessions.openOperator(tokenHash(token), newId('ses'), username, { now, expiresAt });
    await this.sessions.sweep('operator_session', now);
    return this.cookie(token, LONGEST_S.operator);
  }

  /** Roles and branch are read anew each time: taking a role away works at once. */
  async find(token: string, now: Date = new Date()): Promise<OperatorCaller | undefined> {
    const hash = tokenHash(token);
    const session = await this.sessions.findOperator(hash);
    if (!session || session.expiresAt <= now) return undefined;
    const idle = (now.getTime() - session.seenAt.getTime()) / 1000;
    if (idle > IDLE_S.operator) return undefined;
    const operator = await this.operators.find(session.username);
    if (operator?.state !== 'active') return undefined;
    if (idle > TOUCH_S) await this.sessions.touch('operator_session', hash, now);
    const { username, name, roles, branch } = operator;
    return { kind: 'operator', sessionId: session.id, username, name, roles, branch };
  }

  /** @returns value of Set-Cookie that removes it */
  async end(token: string): Promise<string> {
    await this.sessions.end('operator_session', tokenHash(token));
    return this.cookie('', 0);
  }

  private cookie(token: string, maxAge: number): string {
    return sessionCookie(OPERATOR_COOKIE, token, { maxAge, secure: this.config.PUBLIC_URL.startsWith('https:') });
  }
}
