import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type ReconciliationConfig } from '../reconciliation.config';
import { ContractFees } from './contract-fees';
import type { AskFees } from './engine/fee-table';
import { MatchedStore } from './matched.store';
import { RunsStore } from './runs.store';

/** What the engine asks of the rest of the service. */
@Injectable()
export class EngineLooks {
  constructor(
    private readonly runs: RunsStore,
    private readonly matched: MatchedStore,
    private readonly contract: ContractFees,
    @Inject(CONFIG) private readonly config: ReconciliationConfig,
  ) {}

  hashKey(): Promise<string> {
    return this.matched.hashKey();
  }

  /** Numbers and transactions that have a past, or an open item. */
  async touched(
    provider: string,
    date: string,
    carried: readonly string[],
  ): Promise<{ numbers: string[]; refs: string[] }> {
    const { numbers, refs } = await this.runs.touching(provider, date);
    const orphans = carried.filter((key) => key.startsWith('txn:')).map((key) => key.slice(4));
    const known = carried.filter((key) => !key.startsWith('txn:'));
    return { numbers: [...numbers, ...known].sort(), refs: [...refs, ...orphans].sort() };
  }

  fees(provider: string, date: string): AskFees {
    return async (questions) => {
      const asked = questions.map(({ amount, channel }) => ({ amount: BigInt(amount), channel }));
      const quote = await this.contract.execute(provider, date, asked);
      return asked.map(({ amount, channel }) => {
        const fee = quote(amount, channel);
        return fee === undefined ? null : Number(fee);
      });
    };
  }

  /** Scratch of the date: books, partitions, parts. That of earlier dates goes; all of it can be made again. */
  async folder(provider: string, date: string): Promise<string> {
    const root = join(this.config.DATA_DIR, 'match', provider.replace(/[^A-Za-z0-9_-]/g, '_'));
    const folder = join(root, date);
    await mkdir(folder, { recursive: true });
    const earlier = (await readdir(root)).filter((name) => name < date);
    await Promise.all(earlier.map((name) => rm(join(root, name), { recursive: true, force: true })));
    return folder;
  }
}
