import { Injectable } from '@nestjs/common';
import type { SignOffReply } from '@yidian/contracts';
import { BreaksStore } from '../breaks/breaks.store';
import { missingFileId } from './credit-findings';
import { CreditRunsStore, type CreditRun } from './credit-runs.store';

/** A day is whole when every province's file of it is compared to the last fen, or two people have said that it may lack. */
@Injectable()
export class CheckCreditFiles {
  constructor(
    private readonly runs: CreditRunsStore,
    private readonly breaks: BreaksStore,
  ) {}

  async execute(date: string): Promise<SignOffReply['checks'][number]> {
    const detail: string[] = [];
    const runs = await this.runs.between(date, date);
    for (const run of runs) {
      if (run.residual !== 0n) detail.push(`${run.branch}: ${run.residual} fen without a name`);
      if (run.state === 'wanted' && !(await this.isWaived(run))) detail.push(`${run.branch}: not there`);
    }
    const waived = runs.filter(({ state }) => state === 'wanted').length;
    const all = waived === 0 ? `${runs.length} compared` : `${runs.length - waived} compared, ${waived} waived`;
    return { name: 'credit_files', ok: detail.length === 0, detail: detail.join('; ') || all };
  }

  private async isWaived({ branch, date }: CreditRun): Promise<boolean> {
    const row = await this.breaks.get(missingFileId(branch, date));
    return row?.state === 'resolved' && row.resolved_action === 'accept' && row.approved_by !== null;
  }
}
