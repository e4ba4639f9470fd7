import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FeeSimulation, feesSimulate } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { toDigits } from '@yidian/money';
import type { z } from 'zod';
import { FeeSchedulesStore } from '../fees/fee-schedules.store';
import { daysOf } from '../fees/month';
import { printTerms } from '../fees/print-terms';
import { ChargedLinesStore } from './charged-lines.store';
import { SealedCharged } from './sealed-charged';
import { simulate, type BranchOutcome } from './simulate';

/** Shows what a draft would have cost, and notes on it that it was shown: without that nobody can activate it. */
@Injectable()
export class SimulateSchedule {
  constructor(
    private readonly schedules: FeeSchedulesStore,
    private readonly lines: ChargedLinesStore,
    private readonly sealed: SealedCharged,
  ) {}

  async execute({ id, from, to }: z.output<typeof feesSimulate>): Promise<FeeSimulation> {
    if (from > to) throw new Problem('field_invalid', { detail: 'from: later than to' });
    const terms = await this.schedules.terms(id);
    if (!terms) throw new Problem('not_found', { detail: `there is no fee schedule ${id}` });
    const [first, last] = [daysOf(from).first, daysOf(to).last];
    const lines = [
      ...(await this.lines.of(terms.schedule, first, last)),
      ...(await this.sealed.of(terms.schedule, first, last)),
    ];
    const branches = simulate(terms.schedule, lines);
    const outcome = { id, from, to, ...figures(branches), branches: branches.map(printed) };
    const digest = createHash('sha256')
      .update(JSON.stringify([printTerms(terms.schedule), outcome]))
      .digest('hex');
    await this.schedules.seen(id, digest);
    return { ...outcome, digest };
  }
}

const printed = ({ branch, payments, charged, wouldBe }: BranchOutcome): FeeSimulation['branches'][number] => ({
  ...{ branch, payments, charged: toDigits(charged), wouldBe: toDigits(wouldBe) },
  difference: toDigits(wouldBe - charged),
});

function figures(branches: readonly BranchOutcome[]) {
  const charged = branches.reduce((sum, one) => sum + one.charged, 0n);
  const wouldBe = branches.reduce((sum, one) => sum + one.wouldBe, 0n);
  return {
    payments: branches.reduce((sum, one) => sum + one.payments, 0),
    ...{ charged: toDigits(charged), wouldBe: toDigits(wouldBe), difference: toDigits(wouldBe - charged) },
  };
}
