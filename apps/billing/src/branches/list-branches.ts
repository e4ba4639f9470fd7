import { Injectable } from '@nestjs/common';
import type { BranchInfo } from '@yidian/contracts';
import type { Branch } from './branch.entity';
import { BranchesStore } from './branches.store';

@Injectable()
export class ListBranches {
  constructor(private readonly branches: BranchesStore) {}

  async execute(): Promise<{ branches: BranchInfo[] }> {
    return { branches: (await this.branches.all()).map(branchInfo) };
  }
}

export const branchInfo = ({ code, nameZh, nameEn, status }: Branch): BranchInfo => ({ code, nameZh, nameEn, status });
