import { Inject, Injectable } from '@nestjs/common';
import { newId, sessionCookie } from '@yidian/http';
import { newToken, tokenHash } from '@yidian/security';
import type { GatewayConfig } from '../gateway.config';
import { CONFIG, SECRETS, type Secrets } from '../platform';
import type { CustomerCaller } from './caller';
import { IDLE_S, LONGEST_S, TOUCH_S } from './session-times';
import { SessionsStore } from './sessions.store';

export const PORTAL_COOKIE = 'yd_portal';
const PURPOSE = 'portal_session.msisdn';

/** Opened after a one-time code (CustomerCodes); the number is sealed in the row. */
@Injectable()
export class CustomerSessions {
  constructor(
    private readonly sessions: SessionsStore,
    @Inject(SECRETS) private readonly secrets: Secrets,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** @returns value of Set-Cookie */
  async open(msisdn: string, now: Date = new Date()): Promise<string> {
    const token = newToken();
    const { vault } = this.secrets;
    const session = {
      tokenHash: tokenHash(token),
      id: newId('ses'),
      sealed: vault.seal(msisdn, PURPOSE),
      blind: vault.blind(msisdn, PURPOSE),
    };
    await this.sessions.openCustomer(session, { now, expiresAt: new Date(now.getTime() + LONGEST_S.customer * 1000) });
    await this.sessions.sweep('portal_session', now);
    return this.cookie(token, LONGEST_S.customer);
  }

  async find(token: string, now: Date = new Date()): Promise<CustomerCaller | undefined> {
    const hash = tokenHash(token);
    const session = await this.sessions.findCustomer(hash);
    if (!session || session.expiresAt <= now) return undefined;
    const idle = (now.getTime() - session.seenAt.getTime()) / 1000;
    if (idle > IDLE_S.customer) return undefined;
    if (idle > TOUCH_S) await this.sessions.touch('portal_session', hash, now);
    return { kind: 'customer', sessionId: session.id, msisdn: this.secrets.vault.open(session.sealed, PURPOSE) };
  }

  /** @returns value of Set-Cookie that removes it */
  async end(token: string): Promise<string> {
    await this.sessions.end('portal_session', tokenHash(token));
    return this.cookie('', 0);
  }

  private cookie(token: string, maxAge: number): string {
    return sessionCookie(PORTAL_COOKIE, token, { maxAge, secure: this.config.PUBLIC_URL.startsWith('https:') });
  }
}
