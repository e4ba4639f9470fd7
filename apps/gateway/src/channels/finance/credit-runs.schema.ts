import { branchCode, plainDate, type CreditRunView, type NumberSweepView } from '@yidian/contracts';
import { amountAnswer } from '@yidian/http';
import { fromDigits, toJson } from '@yidian/money';
import { z } from 'zod';

/** Public shapes of credit runs: a province's own file of a date beside our orders. */

/** Every branch of so many dates is one answer. */
const LONGEST_SPAN_DAYS = 62;
const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;

export const creditRunsQuery = z
  .strictObject({ from: z.iso.date(), to: z.iso.date(), branch: branchCode.optional() })
  .refine(({ from, to }) => from <= to && daysBetween(from, to) < LONGEST_SPAN_DAYS, {
    path: ['to'],
    error: `the same as from or later, and at most ${LONGEST_SPAN_DAYS} dates`,
  });

export const creditRunBody = z.strictObject({
  branch: branchCode,
  date: z.iso.date(),
  /** Ask the province for its file again: a changed one is a new version, and closes what it no longer shows. */
  refetch: z.boolean().default(false),
});

export const creditRun = z
  .object({
    ...{ object: z.literal('credit_run'), branch: branchCode, date: plainDate },
    /** wanted: the file is not there yet, and what the branch credited is provisional. */
    state: z.enum(['wanted', 'ready', 'none_today']),
    /** Of its differences, at `/v1/finance/breaks`. */
    provider: z.string(),
    ...{ version: z.int(), sha256: z.string(), lines: z.int() },
    /** Every line was read, and count and sum are those of the file's trailer. */
    agrees: z.boolean(),
    /** Σ of the file, Σ of our orders of that date, and what the named parts leave over. */
    ...{ amount: amountAnswer, ours: amountAnswer, residual: amountAnswer },
    parts: z.array(z.object({ name: z.string(), amount: amountAnswer, count: z.int() })),
    ...{ found: z.int(), numbers_asked: z.int(), numbers_unanswered: z.int() },
    updated_at: z.string(),
  })
  .meta({ id: 'CreditRun' });
export type CreditRun = z.output<typeof creditRun>;

const fen = (digits: string): number => toJson(fromDigits(digits));

export const creditRunOf = (run: CreditRunView): CreditRun => ({
  ...{ object: 'credit_run', branch: run.branch, date: run.date, state: run.state, provider: `bss_${run.branch}` },
  ...{ version: run.version, sha256: run.sha256, lines: run.lines, agrees: run.agrees },
  ...{ amount: fen(run.amount), ours: fen(run.ours), residual: fen(run.residual) },
  parts: run.parts.map(({ name, amount, count }) => ({ name, amount: fen(amount), count })),
  ...{ found: run.found, numbers_asked: run.numbersAsked, numbers_unanswered: run.numbersUnanswered },
  updated_at: run.updatedAt,
});

export const numberSweep = z
  .object({
    ...{ object: z.literal('number_sweep'), branch: branchCode, round: z.int(), began_on: plainDate },
    /** Of this round, so far. */
    ...{ asked: z.int(), unanswered: z.int(), different: z.int() },
    /** The last round that went over all of them; null: none has yet. */
    ...{ whole_on: plainDate.nullable(), whole_asked: z.int().nullable(), updated_at: z.string() },
  })
  .meta({ id: 'NumberSweep' });
export type NumberSweep = z.output<typeof numberSweep>;

export const numberSweepOf = (sweep: NumberSweepView): NumberSweep => ({
  ...{ object: 'number_sweep', branch: sweep.branch, round: sweep.round, began_on: sweep.beganOn },
  ...{ asked: sweep.asked, unanswered: sweep.unanswered, different: sweep.different },
  ...{ whole_on: sweep.wholeOn, whole_asked: sweep.wholeAsked, updated_at: sweep.updatedAt },
});
