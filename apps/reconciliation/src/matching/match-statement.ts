import { Injectable } from '@nestjs/common';
import { toDigits } from '@yidian/money';
import { RaiseAlarm } from '../alarms/raise-alarm';
import { BooksStore, type FrozenBook, type Totals } from '../books/books.store';
import type { BookService } from '../books/fact';
import { BreaksStore } from '../breaks/breaks.store';
import { FindingsStore } from '../breaks/findings.store';
import { done, failed, type StepOutcome, type StepRow, type StepWork } from '../close/step-work';
import { KnownProviders, type KnownProvider } from '../providers/known-providers';
import { ReadStatement } from '../statements/read-statement';
import type { ParsedStatement } from '../statements/statement';
import { StatementsStore, type StatementFile } from '../statements/statements.store';
import { buildBridges, type BookTotals } from './bridge';
import { ContractFees } from './contract-fees';
import { buildGroups } from './group';
import { hashOf } from './identity';
import { LoadDay, type LoadedDay } from './load-day';
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
    private readonly books: BooksStore,
    private readonly statements: StatementsStore,
    private readonly read: ReadStatement,
    private readonly day: LoadDay,
    private readonly fees: ContractFees,
    private readonly runs: RunsStore,
    private readonly breaks: BreaksStore,
    private readonly findings: FindingsStore,
    private readonly providers: KnownProviders,
    private readonly alarm: RaiseAlarm,
  ) {}

  async run({ provider, date }: StepRow): Promise<StepOutcome> {
    const file = await this.statements.current(provider, date);
    const { gateway, billing } = await this.books.books(provider, date);
    if (!file?.totals || !gateway?.totals || !billing?.totals) return failed('books or statement are not complete');
    const frozen = { gateway, billing };
    const info = await this.providers.get(provider);
    const parsed = await this.read.execute(file, info.connector);
    const carried = await this.breaks.carriedKeys(provider, date);
    const loaded = await this.day.execute(provider, date, parsed.lines, frozen, carried);
    const result = await this.match(info, loaded, parsed);
    const run = this.describe(file, frozen, info, loaded, result);
    await this.runs.addItems(run.runId, provider, date, result.items);
    if (run.residual !== 0n)
      await this.alarm.execute({ kind: 'residual', provider, date, detail: JSON.stringify(run.bridges).slice(0, 500) });
    const severe = result.findings
      .filter((finding) => finding.severe)
      .map((finding) => `${finding.class} ${finding.id}`);
    if (severe.length > 0)
      await this.alarm.execute({ kind: 'severe', provider, date, detail: `${severe.length}: ${severe.join(', ')}` });
    return done(run.digest, async (tx) => {
      await this.runs.publish(tx, run);
      await this.findings.report(tx, run, result.findings, result.closes);
    });
  }

  private async match(info: KnownProvider, { input }: LoadedDay, parsed: ParsedStatement): Promise<DayMatch> {
    const { provider, date } = input;
    const { waits, allowsReturns, feeTolerancePerLine } = info.profile;
    const options = { provider, date, waits, allowsReturns, feeTolerance: BigInt(feeTolerancePerLine) };
    const quote = await this.fees.execute(provider, date, feeQuestions(buildGroups(input).values(), options));
    const result = matchDay(input, { ...options, quote });
    const unreadable = unreadableFindings(provider, date, parsed.unreadable);
    const counts =
      unreadable.length > 0
        ? [...result.counts, { class: 'unreadable_line' as const, count: unreadable.length, amount: 0n }]
        : result.counts;
    return {
      ...result,
      counts,
      findings: [...result.findings, ...unreadable],
      digest: hashOf(result.digest, ...unreadable.map((finding) => finding.id)),
    };
  }

  private describe(
    file: StatementFile,
    frozen: Record<BookService, FrozenBook>,
    info: KnownProvider,
    loaded: LoadedDay,
    result: DayMatch,
  ): Run {
    const { provider, date } = loaded.input;
    const { gateway, billing } = frozen;
    const inputs = {
      statementSha256: file.sha256,
      gatewayVector: gateway.vectorHash,
      billingVector: billing.vectorHash,
    };
    const horizons = [gateway, billing].map((book) => JSON.stringify(book.horizon));
    const rules = JSON.stringify([info.connector, info.profile]);
    const totals = file.totals;
    if (!totals) throw new Error('the statement has no totals');
    const bridges = buildBridges(result.parts, totals, bookTotals(gateway.totals, billing.totals));
    return {
      runId: hashOf(ENGINE, provider, date, ...Object.values(inputs), ...horizons, loaded.priorHash, rules),
      provider,
      date,
      statementVersion: file.version,
      inputs,
      digest: result.digest,
      counts: result.counts.map((line) => ({ ...line, amount: toDigits(line.amount) })),
      bridges,
      statement: {
        fileName: file.fileName,
        sha256: file.sha256,
        lines: totals.lines,
        unreadable: totals.unreadable,
      },
      residual: bridges.reduce((sum, { residual }) => sum + absolute(BigInt(residual)), 0n),
    };
  }
}

function bookTotals(gateway: Totals | null, billing: Totals | null): BookTotals {
  const sum = (totals: Totals | null, ...kinds: string[]) =>
    (totals ?? []).filter((line) => kinds.includes(line.kind)).reduce((total, line) => total + BigInt(line.amount), 0n);
  return {
    paid: sum(gateway, 'paid'),
    returned: sum(gateway, 'refunded', 'reversed', 'returned'),
    credited: sum(billing, 'credited'),
  };
}

const absolute = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
