import { applyDecorators, createParamDecorator, SetMetadata, UseGuards, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller, CustomerCaller, OperatorCaller, PartnerCaller, Role, Scope } from './caller';
import { NEEDED_ROLES, NEEDED_SCOPES } from './needed';
import { OperatorGuard } from './operator.guard';
import { PartnerGuard } from './partner.guard';
import { PortalGuard } from './portal.guard';

/** A signed partner request; the partner needs at least one of the scopes. */
export const ForPartner = (...scopes: Scope[]) =>
  applyDecorators(SetMetadata(NEEDED_SCOPES, scopes), UseGuards(PartnerGuard));

/** A signed-in customer; requests that change something also need `X-Requested-With: portal`. */
export const ForCustomer = () => applyDecorators(UseGuards(PortalGuard));

/** A signed-in operator with at least one of the roles (none named: any); changes need `X-Requested-With: console`. */
export const ForOperator = (...roles: Role[]) =>
  applyDecorators(SetMetadata(NEEDED_ROLES, roles), UseGuards(OperatorGuard));

function callerOf<K extends Caller['kind']>(kind: K) {
  return createParamDecorator((_: unknown, context: ExecutionContext): Extract<Caller, { kind: K }> => {
    const caller = context.switchToHttp().getRequest<FastifyRequest>().caller;
    if (caller?.kind !== kind) throw new Error(`this route has no guard that admits a ${kind}`);
    return caller as Extract<Caller, { kind: K }>;
  });
}

/** `@Partner() partner: PartnerCaller` */
export const Partner: () => ParameterDecorator = callerOf<PartnerCaller['kind']>('partner');
/** `@Customer() customer: CustomerCaller` */
export const Customer: () => ParameterDecorator = callerOf<CustomerCaller['kind']>('customer');
/** `@Operator() operator: OperatorCaller` */
export const Operator: () => ParameterDecorator = callerOf<OperatorCaller['kind']>('operator');
