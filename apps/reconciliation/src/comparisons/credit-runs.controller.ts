import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { creditRunsList, creditRunsRun, type CreditRunView, type ReplyOf } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import { answer } from '../rpc/answer';
import { CreditRunsStore, type CreditRun } from './credit-runs.store';
import { RunCredits } from './run-credits';

@Controller()
export class CreditRunsController {
  constructor(
    private readonly runs: CreditRunsStore,
    private readonly run: RunCredits,
  ) {}

  @MessagePattern('credit_runs.list')
  list(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'credit_runs.list'>> {
    return answer(creditRunsList, request, async ({ from, to }) => ({
      runs: (await this.runs.between(from, to)).map(view),
    }));
  }

  @MessagePattern('credit_runs.run')
  again(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'credit_runs.run'>> {
    return answer(creditRunsRun, request, async ({ branch, date, refetch }) => {
      const run = await this.run.execute(branch, date, refetch);
      return { run: run && view(run) };
    });
  }
}

const view = ({ amount, ours, residual, parts, ...run }: CreditRun): CreditRunView => ({
  ...run,
  ...{ amount: toDigits(amount), ours: toDigits(ours), residual: toDigits(residual) },
  parts: JSON.parse(parts) as CreditRunView['parts'],
});
