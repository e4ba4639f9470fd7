import { Module } from '@nestjs/common';
import { BranchesController } from './branches.controller';
import { BranchesStore } from './branches.store';
import { ListBranches } from './list-branches';
import { SetBranchStatus } from './set-branch-status';

@Module({
  controllers: [BranchesController],
  providers: [BranchesStore, ListBranches, SetBranchStatus],
  exports: [BranchesStore],
})
export class BranchesModule {}
