import { Module } from '@nestjs/common';
import { OutboxStore } from './outbox.store';
import { PrincipalItemsStore } from './principal-items.store';
import { RelaySettledJob } from './relay-settled.job';

@Module({
  providers: [OutboxStore, PrincipalItemsStore, RelaySettledJob],
  exports: [OutboxStore, PrincipalItemsStore, RelaySettledJob],
})
export class OutboxModule {}
