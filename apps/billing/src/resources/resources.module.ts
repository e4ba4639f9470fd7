import { Global, Module, type DynamicModule } from '@nestjs/common';
import { openDb, type Db } from '@yidian/database';
import { Audit, Books } from '@yidian/journal';
import { Ledger } from '@yidian/ledger';
import { createLogger, type Logger } from '@yidian/telemetry';
import { hostname } from 'node:os';
import { CONFIG, type BillingConfig } from '../billing.config';
import { Branch } from '../branches/branch.entity';
import { billingRider } from '../desk/billing-desk';
import { PortedNumber } from '../numbers/ported-number.entity';
import { Segment } from '../numbers/segment.entity';
import { hashSources } from '../hash-sources';
import { Frames } from '../rpc/frames';
import { NumberOwner } from '../subscribers/number-owner.entity';
import { Subscriber } from '../subscribers/subscriber.entity';
import { DB } from './db';
import { Lifecycle } from './lifecycle';
import { HttpDoors } from './http-doors';
import { LOGGER } from './logger';

/** Reference tables with repositories; tables that hold value have none. */
export const entities = [Branch, Segment, PortedNumber, Subscriber, NumberOwner];

const SERVICE = 'billing';
const instance = `${hostname()}:${process.pid}`.slice(-64);

const openLedger = async (config: BillingConfig, db: Db, logger: Logger): Promise<Ledger> => {
  const alarm = (message: string, error?: unknown) => logger.error({ err: error }, message);
  const ledger = new Ledger({
    url: config.DATABASE_URL,
    service: SERVICE,
    instance,
    db,
    sources: hashSources,
    rider: billingRider,
    alarm,
  });
  await ledger.open();
  return ledger;
};

const openAudit = async (config: BillingConfig): Promise<Audit> => {
  const audit = new Audit({ url: config.DATABASE_URL, service: SERVICE, instance });
  await audit.open();
  return audit;
};

/** What the rooms stand on, opened once: configuration, log, schema, write door, books, audit. */
@Global()
@Module({})
export class ResourcesModule {
  static with(config: BillingConfig): DynamicModule {
    return {
      module: ResourcesModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useFactory: () => createLogger({ service: SERVICE, level: config.LOG_LEVEL }) },
        { provide: DB, useFactory: () => openDb({ url: config.DATABASE_URL, entities }) },
        { provide: Ledger, useFactory: openLedger, inject: [CONFIG, DB, LOGGER] },
        { provide: Audit, useFactory: openAudit, inject: [CONFIG] },
        { provide: Books, useFactory: (db: Db) => new Books(db), inject: [DB] },
        Frames,
        HttpDoors,
        Lifecycle,
      ],
      exports: [CONFIG, LOGGER, DB, Ledger, Audit, Books, Frames, HttpDoors],
    };
  }
}
