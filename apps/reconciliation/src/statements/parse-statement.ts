import { Injectable } from '@nestjs/common';
import { RaiseAlarm } from '../alarms/raise-alarm';
import { FindingsStore } from '../breaks/findings.store';
import { done, failed, type StepOutcome, type StepRow, type StepWork, type TellProgress } from '../close/step-work';
import { hashOf } from '../matching/identity';
import { controlTotalFinding } from '../matching/unreadable';
import { KnownProviders } from '../providers/known-providers';
import { CompareVersions } from './compare-versions';
import { FetchStatement } from './fetch-statement';
import { ReadStatement, type ReadStatementResult } from './read-statement';
import { MOST_FEE_ROWS, StatementRowsStore } from './statement-rows.store';
import { StatementsStore, type StatementFile } from './statements.store';

/**
 * Step `parse`: reads the archived file and checks it against itself. A line that cannot be read is a finding and the rest
 * goes on; a file whose totals do not agree stops here until two people take it or the provider replaces it. What a
 * replacement changed is written down before anybody matches it.
 */
@Injectable()
export class ParseStatement implements StepWork {
  readonly name = 'parse';

  constructor(
    private readonly store: StatementsStore,
    private readonly rows: StatementRowsStore,
    private readonly read: ReadStatement,
    private readonly compare: CompareVersions,
    private readonly fetch: FetchStatement,
    private readonly findings: FindingsStore,
    private readonly providers: KnownProviders,
    private readonly alarm: RaiseAlarm,
  ) {}

  async run(step: StepRow, _lost?: AbortSignal, tell?: TellProgress): Promise<StepOutcome> {
    const { provider, date } = step;
    const before = await this.store.current(provider, date);
    if (before?.state === 'held') await this.fetch.run({ ...step, tries: step.tries + 1 });
    const file = await this.store.current(provider, date);
    if (!file) return failed('there is no statement');
    if (file.state === 'held') return failed(whyHeld(file.findings));
    const { connector } = await this.providers.get(provider);
    const read = await this.readInto(file, connector, tell);
    await this.compareWithBefore(file, connector);
    return await this.judge(file, read);
  }

  private async readInto(file: StatementFile, connector: string, tell?: TellProgress): Promise<ReadStatementResult> {
    const { items, quarantine } = await this.rows.begin(file);
    let fees = 0;
    const read = await this.read.stream(file, connector, {
      named: (line) => (line.kind === 'fee' && ++fees > MOST_FEE_ROWS ? undefined : items.add(line)),
      unreadable: (line) => quarantine.add(line),
      progress: (lines, bytes) => tell?.(lines, linesIn(file, lines, bytes)),
    });
    await items.end();
    await quarantine.end();
    tell?.(read.totals.lines, read.totals.lines);
    return read;
  }

  private async compareWithBefore(file: StatementFile, connector: string): Promise<void> {
    if (file.difference || !file.archivePath) return;
    const before = await this.store.before(file);
    if (!before) return;
    const { difference, changes } = await this.compare.execute(before, file, connector);
    await this.rows.changes(file, changes);
    await this.store.compared(file, difference);
  }

  private async judge(file: StatementFile, read: ReadStatementResult): Promise<StepOutcome> {
    const { provider, date, sha256 } = file;
    const { totals, findings } = read;
    const ended = file.state === 'none_today' || file.state === 'accepted';
    if (!ended && findings.length > 0) {
      await this.findings.add(provider, date, controlTotalFinding(provider, date, sha256, findings));
      await this.store.parsed(file, 'held', read);
      return failed(whyHeld(findings));
    }
    if (!ended) await this.tell(file, read);
    await this.store.parsed(file, file.state === 'none_today' ? 'none_today' : 'accepted', read);
    return done(hashOf(sha256, String(totals.lines), String(totals.unreadable)));
  }

  /** Money that no book of payments holds and that is neither a charge nor a payout: somebody must look at it. */
  private async tell({ provider, date }: StatementFile, { totals }: ReadStatementResult): Promise<void> {
    const unexplained = (['return', 'other'] as const).flatMap((kind) => {
      const { lines, amount } = totals.named?.[kind] ?? { lines: 0, amount: 0n };
      return lines > 0 ? [`${lines} of kind ${kind}, sum ${amount}`] : [];
    });
    if (unexplained.length === 0) return;
    await this.alarm.execute({ kind: 'unexplained_money', provider, date, detail: unexplained.join('; ') });
  }
}

/** How many lines a file will have is known at its end: until then, as many to a byte as so far, and one more than were read. */
const linesIn = ({ bytes: all }: StatementFile, lines: number, bytes: number): number =>
  Math.max(lines + 1, Math.round((lines * all) / Math.max(1, bytes)));

const whyHeld = (findings: readonly string[]): string => `the file is held: ${findings.join('; ')}`;
