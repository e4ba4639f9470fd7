import { Controller } from '@nestjs/common';
import { MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import { creditRunsList, creditRunsRun, numberSweepsList, type CreditRunView, type ReplyOf } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import { answer } from '../rpc/answer';
import { CreditRunsStore, type CreditRun } from './credit-runs.store';
import { NumberSweepsStore } from './number-sweeps.store';
import { RunCredits } from './run-credits';

@Controller()
export class CreditRunsController {
  constructor(
    private readonly runs: CreditRunsStore,
    private readonly run: RunCredits,
    private readonly sweeps: NumberSweepsStore,
  ) {}

  @MessagePattern('credit_runs.list')
  list(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'credit_runs.list'>> {
    return answer(creditRunsList, request, async ({ from, to, branch }) => ({
      runs: (await this.runs.between(from, to, branch)).map(view),
    }));
  }

  @MessagePattern('credit_runs.run')
  again(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'credit_runs.run'>> {
    return answer(creditRunsRun, request, async ({ branch, date, refetch }) => {
      if (!(await this.run.isProvince(branch, date)))
        throw new RpcException({ status: 'error', code: 'not_found', message: 'No province with a book of its own.' });
      const run = await this.run.execute(branch, date, refetch);
      return { run: run && view(run) };
    });
  }

  @MessagePattern('number_sweeps.list')
  rounds(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'number_sweeps.list'>> {
    return answer(numberSweepsList, request, async ({ branch }) => {
      const sweeps = (await this.sweeps.all()).filter((one) => branch === undefined || one.branch === branch);
      return { sweeps: sweeps.map(({ updatedAt, ...sweep }) => ({ ...sweep, updatedAt: updatedAt.toISOString() })) };
    });
  }
}

const view = ({ amount, ours, residual, parts, updatedAt, ...run }: CreditRun): CreditRunView => ({
  ...run,
  ...{ amount: toDigits(amount), ours: toDigits(ours), residual: toDigits(residual) },
  updatedAt: updatedAt.toISOString(),
  parts: JSON.parse(parts) as CreditRunView['parts'],
});
