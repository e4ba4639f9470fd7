import type { Db } from '@yidian/database';
import { RpcClient } from '@yidian/messaging';
import type { Secrets } from '@yidian/security';
import type { Logger } from '@yidian/telemetry';
import type { Redis } from 'ioredis';

/**
 * What every room of the gateway may ask for. Classes are injected by their type; the rest by token:
 * `@Inject(DB) db: Db`, `@Inject(CONFIG) config: GatewayConfig`.
 */
export const CONFIG = Symbol('GatewayConfig');
export const DB = Symbol('Db');
export const REDIS = Symbol('Redis');
export const LOGGER = Symbol('Logger');
/** Vault for numbers and accounts, and the key we sign with. */
export const SECRETS = Symbol('Secrets');

export type { Db, Redis, Logger, Secrets };

export class BillingRpc extends RpcClient<'billing'> {}
export class ReconciliationRpc extends RpcClient<'reconciliation'> {}
export class SettlementRpc extends RpcClient<'settlement'> {}
