import { Injectable } from '@nestjs/common';
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

  async execute(inputs: Inputs): Promise<MatchedDay> {
    const { provider, date, file, info, gateway, billing, carried } = inputs;
    const parsed = await this.read.execute(file, info.connector);
    const loaded = await this.day.execute(provider, date, parsed.lines, { gateway, billing }, carried);
    const result = await this.judge.execute(inputs, loaded);
    return { result: withUnreadable(result, inputs, parsed.unreadable), loaded };
  }
}
