import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Scope } from './caller';
import { NEEDED_SCOPES } from './needed';
import { SignedDoor } from './signed-door';

/** The signed door of routes that Nest's router serves. */
@Injectable()
export class PartnerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly door: SignedDoor,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const needed = this.reflector.get<readonly Scope[] | undefined>(NEEDED_SCOPES, context.getHandler()) ?? [];
    const request = http.getRequest<FastifyRequest>();
    request.caller = await this.door.enter(request, http.getResponse<FastifyReply>(), needed);
    return true;
  }
}
