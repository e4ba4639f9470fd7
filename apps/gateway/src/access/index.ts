export * from './caller';
export * from './decorators';
export * from './own-page';
export { OPERATOR_COOKIE } from './operator-sessions';
export { CustomerCodes } from './customer-codes';
export { CustomerSessions, PORTAL_COOKIE } from './customer-sessions';
export { CARRIER_PROFILE, type CarrierProfile, type ProviderEntry } from './profile';
export { AccessModule } from './access.module';
