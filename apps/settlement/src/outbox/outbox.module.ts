import { Module } from '@nestjs/common';
import { OutboxStore } from './outbox.store';
import { RelaySettledJob } from './relay-settled.job';

@Module({ providers: [OutboxStore, RelaySettledJob], exports: [OutboxStore, RelaySettledJob] })
export class OutboxModule {}
