import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem } from '@yidian/errors';
import { readCookie } from '@yidian/http';
import type { FastifyRequest } from 'fastify';
import type { OperatorCaller, Role } from './caller';
import { assertOwnPage } from './own-page';
import { NEEDED_ROLES } from './needed';
import { OPERATOR_COOKIE, OperatorSessions } from './operator-sessions';

@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: OperatorSessions,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const needed = this.reflector.get<readonly Role[] | undefined>(NEEDED_ROLES, context.getHandler()) ?? [];
    request.caller = await admitOperator(this.sessions, request, needed);
    return true;
  }
}

/** Needs the request's headers only, so it may be asked before a body is read. @throws Problem session_required, scope_missing */
export async function admitOperator(
  sessions: OperatorSessions,
  request: FastifyRequest,
  needed: readonly Role[],
): Promise<OperatorCaller> {
  const token = readCookie(request.headers.cookie, OPERATOR_COOKIE);
  const caller = token ? await sessions.find(token) : undefined;
  if (!caller) throw new Problem('session_required');
  assertOwnPage(request, 'console');
  if (needed.length > 0 && !needed.some((role) => caller.roles.includes(role)))
    throw new Problem('scope_missing', { detail: `This needs the role ${needed.join(' or ')}.` });
  return caller;
}
