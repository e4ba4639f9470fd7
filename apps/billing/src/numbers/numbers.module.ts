import { Module } from '@nestjs/common';
import { BillsModule } from '../bills/bills.module';
import { BranchesModule } from '../branches/branches.module';
import { BssModule } from '../bss/bss.module';
import { PoliciesModule } from '../policies/policies.module';
import { SubscribersModule } from '../subscribers/subscribers.module';
import { ImportVersions } from './import-versions';
import { LookupNumbers } from './lookup-numbers';
import { NumberingController } from './numbering.controller';
import { NumbersController } from './numbers.controller';
import { OwnerAt } from './owner-at';
import { PendingPortsStore } from './pending-ports.store';
import { RouteSlicesStore } from './route-slices.store';
import { RoutingModule } from './routing.module';
import { SweepPorts } from './sweep-ports';
import { VersionsStore } from './versions.store';

@Module({
  imports: [RoutingModule, BranchesModule, BssModule, BillsModule, PoliciesModule, SubscribersModule],
  controllers: [NumbersController, NumberingController],
  providers: [LookupNumbers, OwnerAt, ImportVersions, VersionsStore, RouteSlicesStore, PendingPortsStore, SweepPorts],
})
export class NumbersModule {}
