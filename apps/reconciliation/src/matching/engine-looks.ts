import { Injectable } from '@nestjs/common';
import { ContractFees } from './contract-fees';
import type { AskFees } from './engine/fee-table';
import { RunsStore } from './runs.store';

/** What the engine asks of the rest of the service. */
@Injectable()
export class EngineLooks {
  constructor(
    private readonly runs: RunsStore,
    private readonly contract: ContractFees,
  ) {}

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
      const asked = questions.map((one) => ({ ...one, amount: BigInt(one.amount) }));
      const quote = await this.contract.execute(provider, date, asked);
      return asked.map((question) => {
        const fee = quote(question);
        return fee === undefined ? null : Number(fee);
      });
    };
  }
}
