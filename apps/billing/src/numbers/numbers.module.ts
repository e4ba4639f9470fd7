import { Module } from '@nestjs/common';
import { BranchesModule } from '../branches/branches.module';
import { SubscribersModule } from '../subscribers/subscribers.module';
import { LookupNumbers } from './lookup-numbers';
import { NumbersController } from './numbers.controller';
import { OwnerAt } from './owner-at';
import { RoutingModule } from './routing.module';

@Module({
  imports: [RoutingModule, BranchesModule, SubscribersModule],
  controllers: [NumbersController],
  providers: [LookupNumbers, OwnerAt],
})
export class NumbersModule {}
