import { Inject, Injectable } from '@nestjs/common';
import type { Archive } from '@yidian/archive';
import type { StatementReply } from '@yidian/contracts';
import { again, done, failed, type StepOutcome, type StepRow, type StepWork } from '../close/step-work';
import { Peers } from '../peers';
import { KnownProviders } from '../providers/known-providers';
import { deadlineAt, expectedAt, type StatementSchedule } from '../providers/statement-schedule';
import { CONFIG, type ReconciliationConfig } from '../reconciliation.config';
import { fetchedBytes } from './fetched-bytes';
import { EMPTY_SHA256, StatementsStore } from './statements.store';
import { WaitsStore, type WaitState } from './waits.store';

/** Injection token of the archive. */
export const ARCHIVE = Symbol('archive');

/** A large file comes from the provider while the question waits; one that has stopped coming is given up at the gateway. */
const FETCH_TIMEOUT_MS = 600_000;

type Day = Pick<StepRow, 'provider' | 'date'>;

/**
 * Step `fetch`: the file as the provider gives it, archived under its hash before anybody reads it. "Not yet" and "none that
 * day" are answers, not errors; a file that we have, however it came, is never given up for them.
 */
@Injectable()
export class FetchStatement implements StepWork {
  readonly name = 'fetch';

  constructor(
    private readonly store: StatementsStore,
    private readonly waits: WaitsStore,
    private readonly peers: Peers,
    private readonly providers: KnownProviders,
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(CONFIG) private readonly config: ReconciliationConfig,
  ) {}

  /** The first try waits for the provider's hour; whoever hurries the step afterwards is obeyed. */
  async run(step: StepRow): Promise<StepOutcome> {
    const { schedule } = await this.providers.get(step.provider);
    const due = expectedAt(step.date, schedule);
    const early = due === null ? 0 : due.getTime() - Date.now();
    if (due && step.tries <= 1 && early > 0 && !(await this.store.current(step.provider, step.date))) {
      const why = `the statement is expected from ${schedule.from} on`;
      await this.note(step, schedule, 'not_due', why, due);
      return again(early, why);
    }
    try {
      const { provider, date } = step;
      const reply = await this.peers.gateway.call('statements.fetch', { provider, date }, FETCH_TIMEOUT_MS);
      return await this.take(step, schedule, reply);
    } catch (error) {
      const why = error instanceof Error ? error.message : 'no answer';
      await this.note(step, schedule, 'unanswered', why, new Date());
      return (await this.whatWeHave(step)) ?? failed(why);
    }
  }

  private async take(step: StepRow, schedule: StatementSchedule, reply: StatementReply): Promise<StepOutcome> {
    if (reply.state === 'ready') return await this.keep(step, schedule, reply);
    const stands = await this.whatWeHave(step);
    if (stands) return stands;
    if (reply.state === 'none_today') return await this.none(step, schedule);
    const pause = schedule.everyMinutes === null ? this.config.FETCH_RETRY_MS : schedule.everyMinutes * 60_000;
    const due = expectedAt(step.date, schedule)?.getTime() ?? 0;
    const afterMs = Math.max(pause, due - Date.now());
    const why = 'the statement is not there yet';
    await this.note(step, schedule, 'not_ready', why, new Date(Date.now() + afterMs));
    return again(afterMs, why);
  }

  private async keep(
    { provider, date }: Day,
    schedule: StatementSchedule,
    reply: Extract<StatementReply, { state: 'ready' }>,
  ): Promise<StepOutcome> {
    const bytes = fetchedBytes(this.peers, { provider, date }, reply);
    const archived = await this.archive.putStream([provider, date, reply.fileName], bytes);
    const { sha256, path } = archived;
    if (sha256 !== reply.sha256) return failed('the statement was changed between the gateway and here');
    const late = Date.now() > deadlineAt(date, schedule).getTime();
    const file = { provider, date, state: 'fetched' as const, fileName: reply.fileName, sha256, late };
    await this.store.add({ ...file, archivePath: path, bytes: archived.bytes });
    await this.note({ provider, date }, schedule, 'in', reply.fileName, null);
    return done((await this.store.current(provider, date))?.sha256 ?? sha256);
  }

  private async none({ provider, date }: Day, schedule: StatementSchedule): Promise<StepOutcome> {
    const none = { fileName: '', sha256: EMPTY_SHA256, archivePath: '' };
    await this.store.add({ provider, date, state: 'none_today', ...none });
    await this.note({ provider, date }, schedule, 'none_today', 'the provider has none for this date', null);
    return done(EMPTY_SHA256);
  }

  /** A file of this date that came before: fetched, or brought by a person. */
  private async whatWeHave({ provider, date }: Day): Promise<StepOutcome | null> {
    const file = await this.store.current(provider, date);
    return file?.archivePath ? done(file.sha256) : null;
  }

  private note(
    { provider, date }: Day,
    schedule: StatementSchedule,
    state: WaitState,
    detail: string,
    nextAt: Date | null,
  ): Promise<void> {
    return this.waits.note({ provider, date, state, detail, nextAt, deadlineAt: deadlineAt(date, schedule) });
  }
}
