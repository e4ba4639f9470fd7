import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { branchesSetStatus, type ReplyOf } from '@yidian/contracts';
import { Frames } from '../rpc/frames';
import { ListBranches } from './list-branches';
import { SetBranchStatus } from './set-branch-status';

@Controller()
export class BranchesController {
  constructor(
    private readonly frames: Frames,
    private readonly listBranches: ListBranches,
    private readonly setBranchStatus: SetBranchStatus,
  ) {}

  @MessagePattern('branches.list')
  list(): Promise<ReplyOf<'billing', 'branches.list'>> {
    return this.frames.run(() => this.listBranches.execute());
  }

  @MessagePattern('branches.setStatus')
  setStatus(@Payload() request: unknown): Promise<ReplyOf<'billing', 'branches.setStatus'>> {
    return this.frames.answer(branchesSetStatus, request, (valid) => this.setBranchStatus.execute(valid));
  }
}
