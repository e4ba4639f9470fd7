/** Injection token of the service's own schema (type `Db` of @yidian/database). */
export const DB = Symbol('settlement database');
/** Injection token of the service's logger (type `Logger` of @yidian/telemetry). */
export const LOGGER = Symbol('settlement logger');
/** Injection tokens of the other services (type `RpcClient` of @yidian/messaging). */
export const GATEWAY = Symbol('gateway rpc');
export const BILLING = Symbol('billing rpc');
export const RECONCILIATION = Symbol('reconciliation rpc');
