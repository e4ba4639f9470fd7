import { Module } from '@nestjs/common';
import { ExposureOutboxStore } from './exposure-outbox.store';
import { ItemsModule } from '../items/items.module';
import { ListPrincipal } from './list-principal';
import { OutboxStore } from './outbox.store';
import { PrincipalItemsStore } from './principal-items.store';
import { RelayExposureJob } from './relay-exposure.job';
import { RelaySettledJob } from './relay-settled.job';

@Module({
  imports: [ItemsModule],
  providers: [ExposureOutboxStore, ListPrincipal, OutboxStore, PrincipalItemsStore, RelayExposureJob, RelaySettledJob],
  exports: [ExposureOutboxStore, OutboxStore, PrincipalItemsStore, RelayExposureJob, RelaySettledJob],
})
export class OutboxModule {}
