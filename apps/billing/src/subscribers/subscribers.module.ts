import { Module } from '@nestjs/common';
import { BranchesModule } from '../branches/branches.module';
import { RoutingModule } from '../numbers/routing.module';
import { ChangeSubscriber } from './change-subscriber';
import { RegisterSubscribers } from './register-subscribers';
import { SubscribersController } from './subscribers.controller';
import { SubscribersStore } from './subscribers.store';

@Module({
  imports: [BranchesModule, RoutingModule],
  controllers: [SubscribersController],
  providers: [SubscribersStore, RegisterSubscribers, ChangeSubscriber],
  exports: [SubscribersStore, ChangeSubscriber],
})
export class SubscribersModule {}
