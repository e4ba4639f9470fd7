import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { Books } from '@yidian/journal';
import type { GatewayConfig } from '../gateway.config';
import { CONFIG, DB, type Db } from '../platform';
import { BooksController } from './books.controller';
import { CallbackBell } from './callback-bell';
import { CallbackDoor } from './callback-door.controller';
import { CallbacksStore } from './callbacks.store';
import { ProvidersController } from './providers.controller';
import { Providers } from './providers';
import { ProvidersStore } from './providers.store';
import { StatementParts } from './statement-parts';

/** Providers and their books. Global: payments, agreements and the portal all ask who can be paid through. */
@Global()
@Module({
  controllers: [CallbackDoor, ProvidersController, BooksController],
  providers: [
    Providers,
    ProvidersStore,
    CallbacksStore,
    CallbackBell,
    {
      provide: StatementParts,
      inject: [CONFIG],
      useFactory: ({ DATA_DIR }: GatewayConfig) => new StatementParts(join(DATA_DIR, 'statement-parts')),
    },
    { provide: Books, inject: [DB], useFactory: (db: Db) => new Books(db) },
  ],
  exports: [Providers, Books, CallbacksStore, CallbackBell],
})
export class ProvidersModule {}
