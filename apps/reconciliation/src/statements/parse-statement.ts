import { Injectable } from '@nestjs/common';
import { FindingsStore } from '../breaks/findings.store';
import { done, failed, type StepOutcome, type StepRow, type StepWork } from '../close/step-work';
import { hashOf } from '../matching/identity';
import { controlTotalFinding } from '../matching/unreadable';
import { KnownProviders } from '../providers/known-providers';
import { FetchStatement } from './fetch-statement';
import { ReadStatement } from './read-statement';
import { totalsOf } from './statement';
import { StatementsStore, type StatementFile } from './statements.store';

/**
 * Step `parse`: reads the archived file and checks it against itself. A line that cannot be read is a finding and the rest
 * goes on; a file whose totals do not agree stops here until two people take it or the provider replaces it.
 */
@Injectable()
export class ParseStatement implements StepWork {
  readonly name = 'parse';

  constructor(
    private readonly store: StatementsStore,
    private readonly read: ReadStatement,
    private readonly fetch: FetchStatement,
    private readonly findings: FindingsStore,
    private readonly providers: KnownProviders,
  ) {}

  async run(step: StepRow): Promise<StepOutcome> {
    const { provider, date } = step;
    const before = await this.store.current(provider, date);
    if (before?.state === 'held') await this.fetch.run(step);
    const file = await this.store.current(provider, date);
    if (!file) return failed('there is no statement');
    const { connector } = await this.providers.get(provider);
    const parsed = await this.read.execute(file, connector);
    const totals = totalsOf(parsed);
    const ended = file.state === 'none_today' || file.state === 'accepted';
    if (!ended && parsed.findings.length > 0) {
      await this.store.parsed(file, 'held', totals, parsed.findings);
      await this.findings.add(provider, date, controlTotalFinding(provider, date, file.sha256, parsed.findings));
      return failed(`the file does not agree with itself: ${parsed.findings.join('; ')}`);
    }
    await this.store.parsed(file, stateAfter(file), totals, parsed.findings);
    return done(hashOf(file.sha256, String(totals.lines), String(totals.unreadable)));
  }
}

const stateAfter = (file: StatementFile): 'none_today' | 'accepted' =>
  file.state === 'none_today' ? 'none_today' : 'accepted';
