import { Global, Module } from '@nestjs/common';
import type { GatewayConfig } from '../gateway.config';
import { CONFIG } from '../platform';
import { CustomerCodes } from './customer-codes';
import { CustomerCodesStore } from './customer-codes.store';
import { CustomerSessions } from './customer-sessions';
import { LoadProfile } from './load-profile';
import { NonceGate } from './nonce-gate';
import { OperatorSessions } from './operator-sessions';
import { OperatorGuard } from './operator.guard';
import { OperatorsStore } from './operators.store';
import { PartnerGuard } from './partner.guard';
import { Partners } from './partners';
import { PartnersStore } from './partners.store';
import { PortalGuard } from './portal.guard';
import { CARRIER_PROFILE, readProfile } from './profile';
import { SessionsStore } from './sessions.store';
import { SignInOperator } from './sign-in-operator';
import { SignedDoor } from './signed-door';

const GUARDS = [PartnerGuard, PortalGuard, OperatorGuard];
const FOR_OTHERS = [
  SignedDoor,
  OperatorSessions,
  CustomerSessions,
  CustomerCodes,
  SignInOperator,
  LoadProfile,
  Partners,
];

/** Who may come in. Global: a guard is built in the module of the controller that names it. */
@Global()
@Module({
  providers: [
    ...GUARDS,
    ...FOR_OTHERS,
    NonceGate,
    PartnersStore,
    OperatorsStore,
    SessionsStore,
    CustomerCodesStore,
    {
      provide: CARRIER_PROFILE,
      inject: [CONFIG],
      useFactory: (config: GatewayConfig) => readProfile(config.PROFILE, config.livemode),
    },
  ],
  exports: [...GUARDS, ...FOR_OTHERS, CARRIER_PROFILE],
})
export class AccessModule {}
