import { Module } from '@nestjs/common';
import { BatchesModule } from '../batches/batches.module';
import { ItemsModule } from '../items/items.module';
import { OutboxModule } from '../outbox/outbox.module';
import { CheckInvariants } from './check-invariants';
import { InvariantsStore } from './invariants.store';
import { LedgerController } from './ledger.controller';
import { VerifyLedger } from './verify-ledger';
import { VerifySealed } from './verify-sealed';

@Module({
  imports: [BatchesModule, ItemsModule, OutboxModule],
  controllers: [LedgerController],
  providers: [CheckInvariants, InvariantsStore, VerifyLedger, VerifySealed],
  exports: [CheckInvariants, InvariantsStore],
})
export class LedgerModule {}
