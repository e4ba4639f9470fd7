import { Injectable } from '@nestjs/common';
import { fromDigits, toDigits } from '@yidian/money';
import { RaiseAlarm } from '../alarms/raise-alarm';
import type { Totals } from '../books/books.store';
import { FindingsStore } from '../breaks/findings.store';
import { done, failed, type StepOutcome, type StepRow, type StepWork, type TellProgress } from '../close/step-work';
import { buildBridges, type BookTotals } from './bridge';
import { GatherInputs, type Inputs } from './gather-inputs';
import { hashOf } from './identity';
import { KeepMatched } from './keep-matched';
import { MatchByEngine, type MatchedDay } from './match-by-engine';
import type { DayMatch } from './match-day';
import { NamedFindings, withNamed } from './named-findings';
import { RunsStore, type Run } from './runs.store';

/** Changes when the same inputs may give another result. */
const ENGINE = 'match-4';

/** Step `match`: one run, named by its inputs. Items are written under that name; all else is published at once. */
@Injectable()
export class MatchStatement implements StepWork {
  readonly name = 'match';

  constructor(
    private readonly inputs: GatherInputs,
    private readonly engine: MatchByEngine,
    private readonly runs: RunsStore,
    private readonly keep: KeepMatched,
    private readonly findings: FindingsStore,
    private readonly alarm: RaiseAlarm,
    private readonly named: NamedFindings,
  ) {}

  async run({ provider, date }: StepRow, _lost?: AbortSignal, tell?: TellProgress): Promise<StepOutcome> {
    const inputs = await this.inputs.execute(provider, date);
    if (!inputs) return failed('books or statement are not complete');
    const day = await this.engine.execute(inputs, tell);
    const result = withNamed(day.result, await this.named.execute(inputs));
    const run = describe(inputs, { ...day, result });
    await this.runs.addItems(run.runId, provider, date, result.items);
    tell?.(inputs.totals.lines, inputs.totals.lines);
    const register = await this.sealed(run, day);
    await this.tell(run, result);
    return done(run.digest, async (tx) => {
      await this.runs.publish(tx, run);
      await register(tx);
      await this.findings.report(tx, run, result.findings, result.closes);
    });
  }

  private sealed({ runId, provider, date }: Run, { plain }: MatchedDay) {
    const { part, folder, statement } = plain;
    return this.keep.execute({ runId, provider, date, statement }, part, folder);
  }

  private async tell({ provider, date, residual, bridges }: Run, { findings }: DayMatch): Promise<void> {
    if (residual !== 0n)
      await this.alarm.execute({ kind: 'residual', provider, date, detail: JSON.stringify(bridges).slice(0, 500) });
    const severe = findings.filter((finding) => finding.severe).map((finding) => `${finding.class} ${finding.id}`);
    if (severe.length > 0)
      await this.alarm.execute({ kind: 'severe', provider, date, detail: `${severe.length}: ${severe.join(', ')}` });
  }
}

function describe(
  { provider, date, file, totals, gateway, billing, info }: Inputs,
  { result, loaded }: MatchedDay,
): Run {
  const inputs = { statementSha256: file.sha256, gatewayVector: gateway.vectorHash, billingVector: billing.vectorHash };
  const horizons = [gateway, billing].map((book) => JSON.stringify(book.horizon));
  const rules = JSON.stringify([info.connector, info.profile]);
  const bridges = buildBridges(result.parts, totals, bookTotals(gateway.totals, billing.totals));
  const { lines, unreadable } = totals;
  return {
    runId: hashOf(ENGINE, 'engine', provider, date, ...Object.values(inputs), ...horizons, loaded.priorHash, rules),
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
