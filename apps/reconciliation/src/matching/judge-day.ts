import { Injectable } from '@nestjs/common';
import { fromDigits } from '@yidian/money';
import type { UnreadableLine } from '../statements/statement';
import { ContractFees } from './contract-fees';
import type { Inputs } from './gather-inputs';
import { buildGroups } from './group';
import { hashOf } from './identity';
import type { LoadedDay } from './load-day';
import { feeQuestions, matchDay, type DayMatch } from './match-day';
import { unreadableFindings } from './unreadable';

/** Sends what was loaded through the decision tables, with the contract's fees and the provider's profile. */
@Injectable()
export class JudgeDay {
  constructor(private readonly fees: ContractFees) {}

  async execute({ provider, date, info }: Inputs, { input }: LoadedDay): Promise<DayMatch> {
    const { waits, allowsReturns, feeTolerancePerLine } = info.profile;
    const options = { provider, date, waits, allowsReturns, feeTolerance: fromDigits(feeTolerancePerLine) };
    const questions = feeQuestions(buildGroups(input).values(), options);
    const quote = await this.fees.execute(provider, date, questions);
    return matchDay(input, { ...options, quote });
  }
}

/** Lines that nobody could read are findings of the day like any other. */
export function withUnreadable(
  result: DayMatch,
  { provider, date }: Inputs,
  lines: readonly UnreadableLine[],
): DayMatch {
  const unreadable = unreadableFindings(provider, date, lines);
  if (unreadable.length === 0) return result;
  return {
    ...result,
    counts: [...result.counts, { class: 'unreadable_line', count: unreadable.length, amount: 0n }],
    findings: [...result.findings, ...unreadable],
    digest: hashOf(result.digest, ...unreadable.map((finding) => finding.id)),
  };
}
