import { Module } from '@nestjs/common';
import { CommissionsModule } from '../commissions/commissions.module';
import { FeesModule } from '../fees/fees.module';
import { ItemsStore } from './items.store';
import { OpenLines } from './sealed/open-lines';
import { SealedLines } from './sealed/sealed-lines';
import { SettledSetsStore } from './sealed/settled-sets.store';
import { TermsStore } from './terms.store';

@Module({
  imports: [FeesModule, CommissionsModule],
  providers: [ItemsStore, OpenLines, SealedLines, SettledSetsStore, TermsStore],
  exports: [ItemsStore, OpenLines, SealedLines, SettledSetsStore, TermsStore],
})
export class ItemsModule {}
