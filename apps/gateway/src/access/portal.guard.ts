import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { readCookie } from '@yidian/http';
import type { FastifyRequest } from 'fastify';
import { CustomerSessions, PORTAL_COOKIE } from './customer-sessions';
import { assertOwnPage } from './own-page';

@Injectable()
export class PortalGuard implements CanActivate {
  constructor(private readonly sessions: CustomerSessions) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const token = readCookie(request.headers.cookie, PORTAL_COOKIE);
    const caller = token ? await this.sessions.find(token) : undefined;
    if (!caller) throw new Problem('session_required');
    assertOwnPage(request, 'portal');
    request.caller = caller;
    return true;
  }
}
