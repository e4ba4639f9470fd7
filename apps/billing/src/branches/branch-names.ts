import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { NumberAnswer } from '@yidian/contracts';
import { BranchesStore } from './branches.store';

type BranchName = NonNullable<NumberAnswer['found']>['branch'];

/**
 * Branches as look-ups name them. Their names come with the migrations, so they are read once; reading 31 of them with every
 * frame cost more than the numbers of a small one. Whether a branch is open is never kept: it is asked with each number.
 */
@Injectable()
export class BranchNames implements OnModuleInit {
  private names: ReadonlyMap<string, BranchName> = new Map();

  constructor(private readonly branches: BranchesStore) {}

  async onModuleInit(): Promise<void> {
    const stored = await this.branches.all();
    this.names = new Map(stored.map(({ code, nameZh, nameEn }) => [code, { code, nameZh, nameEn }]));
  }

  /** @throws Error when the branch is none of ours */
  of(branch: string): BranchName {
    const name = this.names.get(branch);
    if (!name) throw new Error(`branch ${branch} has no name`);
    return name;
  }
}
