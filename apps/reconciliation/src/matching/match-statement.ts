import { Injectable } from '@nestjs/common';
import { fromDigits, toDigits } from '@yidian/money';
import { RaiseAlarm } from '../alarms/raise-alarm';
import type { Totals } from '../books/books.store';
import { FindingsStore } from '../breaks/findings.store';
import { done, failed, type StepOutcome, type StepRow, type StepWork } from '../close/step-work';
import { buildBridges, type BookTotals } from './bridge';
import { ContractFees } from './contract-fees';
import { GatherInputs, type Inputs } from './gather-inputs';
import { buildGroups } from './group';
import { hashOf } from './identity';
import { feeQuestions, matchDay, type DayMatch } from './match-day';
import { RunsStore, type Run } from './runs.store';
import { unreadableFindings } from './unreadable';

/** Changes when the same inputs may give another result. */
const ENGINE = 'match-1';

/** Step `match`: one run, named by its inputs. Items are written under that name; all else is published at once. */
@Injectable()
export class MatchStatement implements StepWork {
  readonly name = 'match';

  constructor(
    private readonly inputs: GatherInputs,
    private readonly fees: ContractFees,
    private readonly runs: RunsStore,
    private readonly findings: FindingsStore,
    private readonly alarm: RaiseAlarm,
  ) {}

  async run({ provider, date }: StepRow): Promise<StepOutcome> {
    const inputs = await this.inputs.execute(provider, date);
    if (!inputs) return failed('books or statement are not complete');
    const result = await this.match(inputs);
    const run = describe(inputs, result);
    await this.runs.addItems(run.runId, provider, date, result.items);
    await this.tell(run, result);
    return done(run.digest, async (tx) => {
      await this.runs.publish(tx, run);
      await this.findings.report(tx, run, result.findings, result.closes);
    });
  }

  private async tell({ provider, date, residual, bridges }: Run, { findings }: DayMatch): Promise<void> {
    if (residual !== 0n)
      await this.alarm.execute({ kind: 'residual', provider, date, detail: JSON.stringify(bridges).slice(0, 500) });
    const severe = findings.filter((finding) => finding.severe).map((finding) => `${finding.class} ${finding.id}`);
    if (severe.length > 0)
      await this.alarm.execute({ kind: 'severe', provider, date, detail: `${severe.length}: ${severe.join(', ')}` });
  }

  private async match({ info, loaded, parsed }: Inputs): Promise<DayMatch> {
    const { provider, date } = loaded.input;
    const { waits, allowsReturns, feeTolerancePerLine } = info.profile;
    const options = { provider, date, waits, allowsReturns, feeTolerance: fromDigits(feeTolerancePerLine) };
    const questions = feeQuestions(buildGroups(loaded.input).values(), options);
    const quote = await this.fees.execute(provider, date, questions);
    const result = matchDay(loaded.input, { ...options, quote });
    const unreadable = unreadableFindings(provider, date, parsed.unreadable);
    if (unreadable.length === 0) return result;
    return {
      ...result,
      counts: [...result.counts, { class: 'unreadable_line', count: unreadable.length, amount: 0n }],
      findings: [...result.findings, ...unreadable],
      digest: hashOf(result.digest, ...unreadable.map((finding) => finding.id)),
    };
  }
}

function describe({ file, totals, gateway, billing, info, loaded }: Inputs, result: DayMatch): Run {
  const { provider, date } = loaded.input;
  const inputs = { statementSha256: file.sha256, gatewayVector: gateway.vectorHash, billingVector: billing.vectorHash };
  const horizons = [gateway, billing].map((book) => JSON.stringify(book.horizon));
  const rules = JSON.stringify([info.connector, info.profile]);
  const bridges = buildBridges(result.parts, totals, bookTotals(gateway.totals, billing.totals));
  const { lines, unreadable } = totals;
  return {
    runId: hashOf(ENGINE, provider, date, ...Object.values(inputs), ...horizons, loaded.priorHash, rules),
    provider,
    date,
    statementVersion: file.version,
    inputs,
    digest: result.digest,
    counts: result.counts.map((line) => ({ ...line, amount: toDigits(line.amount) })),
    bridges,
    statement: { fileName: file.fileName, sha256: file.sha256, lines, unreadable },
    residual: bridges.reduce((sum, { residual }) => sum + absolute(fromDigits(residual)), 0n),
  };
}

function bookTotals(gateway: Totals, billing: Totals): BookTotals {
  const sum = (totals: Totals, ...kinds: string[]) =>
    totals.filter((line) => kinds.includes(line.kind)).reduce((total, line) => total + BigInt(line.amount), 0n);
  return {
    paid: sum(gateway, 'paid'),
    returned: sum(gateway, 'refunded', 'reversed', 'returned'),
    credited: sum(billing, 'credited'),
  };
}

const absolute = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
