import { Global, Module, type DynamicModule } from '@nestjs/common';
import { openDb, type Db } from '@yidian/database';
import { Ledger } from '@yidian/ledger';
import { createLogger, type Logger } from '@yidian/telemetry';
import { hostname } from 'node:os';
import { CommissionPlanRow } from '../commissions/commission-plan.entity';
import { FeeScheduleRow } from '../fees/fee-schedule.entity';
import { Door } from '../rpc/door';
import { CONFIG, type SettlementConfig } from '../settlement.config';
import { Lifecycle } from './lifecycle';
import { Peers } from './peers';
import { SharedArchive } from './shared-archive';
import { BILLING, DB, GATEWAY, LOGGER, RECONCILIATION } from './tokens';

/** Reference tables with repositories; tables that hold money have none. */
export const entities = [FeeScheduleRow, CommissionPlanRow];

const SERVICE = 'settlement';
const instance = `${hostname()}:${process.pid}`.slice(-64);

const openLedger = async (config: SettlementConfig, db: Db, logger: Logger): Promise<Ledger> => {
  const alarm = (message: string, error?: unknown) => logger.error({ err: error }, message);
  const ledger = new Ledger({ url: config.DATABASE_URL, service: SERVICE, instance, db, alarm });
  await ledger.open();
  return ledger;
};

/** What the rooms stand on, opened once: configuration, log, schema, write door, the other services. */
@Global()
@Module({})
export class ResourcesModule {
  static with(config: SettlementConfig): DynamicModule {
    return {
      module: ResourcesModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useFactory: () => createLogger({ service: SERVICE, level: config.LOG_LEVEL }) },
        { provide: DB, useFactory: () => openDb({ url: config.DATABASE_URL, entities }) },
        { provide: Ledger, useFactory: openLedger, inject: [CONFIG, DB, LOGGER] },
        { provide: Peers, useFactory: () => new Peers(config) },
        { provide: GATEWAY, useFactory: (peers: Peers) => peers.gateway, inject: [Peers] },
        { provide: BILLING, useFactory: (peers: Peers) => peers.billing, inject: [Peers] },
        { provide: RECONCILIATION, useFactory: (peers: Peers) => peers.reconciliation, inject: [Peers] },
        Door,
        Lifecycle,
        SharedArchive,
      ],
      exports: [CONFIG, LOGGER, DB, Ledger, GATEWAY, BILLING, RECONCILIATION, Door, SharedArchive],
    };
  }
}
