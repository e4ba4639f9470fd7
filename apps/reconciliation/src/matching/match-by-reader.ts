import { Injectable } from '@nestjs/common';
import type { TellProgress } from '../close/step-work';
import { ReadStatement } from '../statements/read-statement';
import type { Inputs } from './gather-inputs';
import { JudgeDay, withUnreadable } from './judge-day';
import { LoadDay } from './load-day';
import type { MatchedDay } from './match-by-engine';

/** A day of any format: every line through the reader of its format and through the tables. */
@Injectable()
export class MatchByReader {
  constructor(
    private readonly read: ReadStatement,
    private readonly day: LoadDay,
    private readonly judge: JudgeDay,
  ) {}

  async execute(inputs: Inputs, tell?: TellProgress): Promise<MatchedDay> {
    const { provider, date, file, info, gateway, billing, carried, totals } = inputs;
    const parsed = await this.read.execute(file, info.connector, (lines) => tell?.(halfOf(lines), totals.lines));
    const loaded = await this.day.execute(provider, date, parsed.lines, { gateway, billing }, carried);
    const result = await this.judge.execute(inputs, loaded);
    return { result: withUnreadable(result, inputs, parsed.unreadable), loaded };
  }
}

/** Read is half of the way; the other half is judging. */
const halfOf = (lines: number): number => Math.floor(lines / 2);
