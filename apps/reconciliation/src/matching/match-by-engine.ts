import { Injectable } from '@nestjs/common';
import type { Archived } from '@yidian/archive';
import { MatchScratch } from '../books/match-scratch';
import type { TellProgress } from '../close/step-work';
import type { PlainPart } from './engine/plain-part';
import { withPlain } from './engine/plain-groups';
import type { Inputs } from './gather-inputs';
import { JudgeDay, withUnreadable } from './judge-day';
import { LoadDay, type LoadedDay } from './load-day';
import type { DayMatch } from './match-day';
import { RunStatement } from './run-statement';

export interface MatchedDay {
  result: DayMatch;
  loaded: LoadedDay;
  /** Plainly matched lines that are no items of the result, where their parts lie, and the file that their places are in. */
  plain: { part: PlainPart; folder: string; statement: Archived };
}

/**
 * A day through the matching engine: books from sealed segments, the statement from its file; only what is not plain is looked
 * up in the database and judged by the tables.
 */
@Injectable()
export class MatchByEngine {
  constructor(
    private readonly scratch: MatchScratch,
    private readonly statement: RunStatement,
    private readonly day: LoadDay,
    private readonly judge: JudgeDay,
  ) {}

  async execute(inputs: Inputs, tell?: TellProgress): Promise<MatchedDay> {
    const { provider, date, gateway, billing, carried } = inputs;
    const folder = await this.scratch.of(provider, date);
    const { matched, statement } = await this.statement.execute(inputs, folder, tell);
    const { lines, numbers, plain, unreadable } = matched;
    const loaded = await this.day.execute(provider, date, lines, { gateway, billing }, carried, numbers);
    const judged = await this.judge.execute(inputs, loaded);
    const result = withUnreadable(withPlain(judged, plain), inputs, unreadable);
    return { result, loaded, plain: { part: plain, folder, statement } };
  }
}
