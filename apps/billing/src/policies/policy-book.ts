import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { branchPolicy } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import type { Logger } from '@yidian/telemetry';
import type { Branch } from '../branches/branch.entity';
import { BranchesStore } from '../branches/branches.store';
import { LOGGER } from '../resources/logger';
import { Repeat } from '../resources/repeat';
import { PoliciesStore } from './policies.store';
import { termsOf, type Terms } from './terms';

/** How late a process may learn of a version that another one approved. */
const NEWS_MS = 1_000;

interface Dated {
  from: number;
  terms: Terms;
}

/**
 * Every branch's approved versions in memory: top-ups ask it thousands of times a second and cost no query. A single number
 * in the database tells whether there is news. What was in force at an instant never changes afterwards.
 */
@Injectable()
export class PolicyBook implements OnModuleInit, BeforeApplicationShutdown {
  private branches = new Map<string, Dated[]>();
  private head = -1n;
  private readonly repeat: Repeat;

  constructor(
    private readonly policies: PoliciesStore,
    private readonly stored: BranchesStore,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.repeat = new Repeat(
      NEWS_MS,
      () => this.refresh(),
      (err) => logger.warn({ err }, 'policies could not be asked for news; what is known goes on'),
    );
  }

  async onModuleInit(): Promise<void> {
    await this.refresh();
    this.repeat.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.repeat.stop();
  }

  /** The latest approved version whose time has come; undefined: no such branch. */
  inForce(branch: string, at: Date): Terms | undefined {
    return this.branches.get(branch)?.findLast(({ from }) => from <= at.getTime())?.terms;
  }

  /** Reads the versions again if there are new ones. */
  async refresh(): Promise<void> {
    // The head first: what is approved while the versions are read is read again next time.
    const head = await this.policies.head();
    if (head === this.head) return;
    const branches = new Map((await this.stored.all()).map((one) => [one.code, [begunWith(one)]]));
    for (const row of await this.policies.approved()) {
      if (!row.inForceFrom) continue;
      const terms = termsOf(row.version, branchPolicy.parse(JSON.parse(row.body)));
      branches.get(row.branch)?.push({ from: row.inForceFrom.getTime(), terms });
    }
    for (const dated of branches.values()) dated.sort((a, b) => a.from - b.from || a.terms.version - b.terms.version);
    this.branches = branches;
    this.head = head;
  }
}

/** What the installation began with counts until the branch has decided something. */
function begunWith({ acceptMin, acceptMax, acceptStep }: Branch): Dated {
  const limits = { min: toDigits(acceptMin), max: toDigits(acceptMax), step: toDigits(acceptStep) };
  return { from: -Infinity, terms: termsOf(0, branchPolicy.parse({ limits })) };
}
