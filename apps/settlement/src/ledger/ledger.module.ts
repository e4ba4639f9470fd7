import { Module } from '@nestjs/common';
import { OutboxModule } from '../outbox/outbox.module';
import { CheckInvariants } from './check-invariants';
import { InvariantsStore } from './invariants.store';
import { LedgerController } from './ledger.controller';
import { VerifyLedger } from './verify-ledger';

@Module({
  imports: [OutboxModule],
  controllers: [LedgerController],
  providers: [CheckInvariants, InvariantsStore, VerifyLedger],
  exports: [CheckInvariants, InvariantsStore],
})
export class LedgerModule {}
