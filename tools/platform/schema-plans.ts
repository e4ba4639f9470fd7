import type { SchemaPlan } from '@yidian/database';
import { schema as billing } from '../../apps/billing/src/schema';
import { schema as gateway } from '../../apps/gateway/src/schema';
import { schema as reconciliation } from '../../apps/reconciliation/src/schema';
import { schema as settlement } from '../../apps/settlement/src/schema';

/** The four services' schemas, in the order in which they are told. */
export const SCHEMA_PLANS: readonly SchemaPlan[] = [gateway, billing, reconciliation, settlement];
