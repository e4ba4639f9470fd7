import { Module } from '@nestjs/common';
import { CommissionsModule } from '../commissions/commissions.module';
import { FeesModule } from '../fees/fees.module';
import { ItemsStore } from './items.store';
import { TermsStore } from './terms.store';

@Module({
  imports: [FeesModule, CommissionsModule],
  providers: [ItemsStore, TermsStore],
  exports: [ItemsStore, TermsStore],
})
export class ItemsModule {}
