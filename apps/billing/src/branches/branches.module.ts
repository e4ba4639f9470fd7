import { Module } from '@nestjs/common';
import { BranchNames } from './branch-names';
import { BranchesController } from './branches.controller';
import { BranchesStore } from './branches.store';
import { ListBranches } from './list-branches';
import { SetBranchStatus } from './set-branch-status';

@Module({
  controllers: [BranchesController],
  providers: [BranchesStore, BranchNames, ListBranches, SetBranchStatus],
  exports: [BranchesStore, BranchNames],
})
export class BranchesModule {}
