import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem } from '@yidian/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Scope } from './caller';
import { NEEDED_SCOPES } from './needed';
import { SignedDoor } from './signed-door';

/** Signature first, then scope: a stranger learns nothing about what a key may do. */
@Injectable()
export class PartnerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly door: SignedDoor,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const needed = this.reflector.get<readonly Scope[] | undefined>(NEEDED_SCOPES, context.getHandler()) ?? [];
    const bucket = needed.includes('numbers:query') ? 'numbers' : 'calls';
    const caller = await this.door.admit(request, http.getResponse<FastifyReply>(), bucket);
    if (needed.length > 0 && !needed.some((scope) => caller.scopes.includes(scope))) {
      throw new Problem('scope_missing', { detail: `This needs the scope ${needed.join(' or ')}.` });
    }
    request.caller = caller;
    return true;
  }
}
