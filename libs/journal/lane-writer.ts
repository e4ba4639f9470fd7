import { Busy, Closed, GroupCommit, OutcomeUnknown, Poison, RunAgain, type BatchLimits } from '@yidian/batching';
import type { LaneBody } from './lane-body';
import { verdictBeforeCommit } from './lane-errors';
import type { LaneConnectionOptions } from './lane-connection';
import { openLane, type LaneSession } from './lane-session';
import { beat, LaneFailure, runBatch } from './lane-transaction';
import { closeLane } from './oracle';

/**
 * A submitted item is answered only after its COMMIT was seen to succeed, by its answer or by the oracle. What was surely
 * not executed is run again or refused as such; what nobody knows is answered OutcomeUnknown and never "failed".
 */
export interface LaneWriterOptions<I, R> extends LaneConnectionOptions {
  service: string;
  /** Names this process in the lane table, for operators only. */
  instance: string;
  body: LaneBody<I, R>;
  limits?: Partial<BatchLimits>;
  /** How long a missing answer is looked for before it is OutcomeUnknown. */
  oracleMs?: number;
  /** Something an operator must hear of. Default: stderr. */
  alarm?: (message: string, error?: unknown) => void;
}

const BEAT_MS = 500;
const BEAT_CHECK_MS = 100;
const ORACLE_MS = 15_000;
/** A key stored by someone else explains one duplicate; more than a few in a row explain nothing. */
const DUPLICATE_TRIES = 8;

/** One serial writer: batches in, one transaction at a time. */
export class LaneWriter<I, R> {
  private readonly group: GroupCommit<I, R>;
  private session: LaneSession | undefined;
  private doorClosed = false;
  private lastMove = 0;
  private beats: NodeJS.Timeout | undefined;

  constructor(private readonly options: LaneWriterOptions<I, R>) {
    const { body, limits } = options;
    this.group = new GroupCommit({
      run: (items) => this.runExplained(items),
      ...(body.sizeOf ? { sizeOf: (item: I) => body.sizeOf?.(item) ?? 0 } : {}),
      ...(limits ? { limits } : {}),
    });
  }

  async open(): Promise<void> {
    await this.lane();
    this.beats = setInterval(() => void this.beatIfIdle(), BEAT_CHECK_MS);
    this.beats.unref();
  }

  /**
   * Resolves when committed. Rejects with Busy or Expired (surely not executed), OutcomeUnknown (ask with the same key),
   * Poison (this item cannot be stored; surely not executed).
   */
  submit(item: I, ttlMs?: number): Promise<R> {
    return this.group.submit(item, ttlMs);
  }

  /** Lane open and the database takes writes. */
  ready(): boolean {
    return this.session !== undefined && !this.doorClosed;
  }

  /** Age of the oldest waiting item: the signal admission reads. */
  queueAgeMs(): number {
    return this.group.queueAgeMs();
  }

  /** Number of the lane written now, for operators and tests. */
  laneId(): number | undefined {
    return this.session?.laneId;
  }

  /** Answers what was taken, then closes the lane so that no cut has to wait for it. */
  async close(): Promise<void> {
    clearInterval(this.beats);
    await this.group.close();
    const { session } = this;
    this.session = undefined;
    if (!session) return;
    session.connection.destroy();
    await closeLane(this.options.url, session.laneId, 1_000).catch((error: unknown) => {
      this.alarm(`lane ${session.laneId} could not be closed; the next cut will`, error);
    });
  }

  /** Runs one batch; a duplicate row must be explained by a key that someone else has stored meanwhile. */
  private async runExplained(items: readonly I[]): Promise<readonly R[]> {
    let lastStored = -1;
    let strikes = 0;
    for (let tries = 1; ; tries++) {
      try {
        return await this.runOnce(items);
      } catch (error) {
        if (!(error instanceof LaneFailure) || error.verdict !== 'duplicate') throw error;
        const explained = lastStored < 0 || error.stored > lastStored;
        lastStored = error.stored;
        if (explained && tries < DUPLICATE_TRIES) continue;
        // A restored dump or a second writer: never a loop.
        this.alarm('a duplicate row that is no key', error.cause);
        if (++strikes > 1) throw new Error('internal: duplicate row that is no key', { cause: error });
        await this.leaveLane();
      }
    }
  }

  private async runOnce(items: readonly I[]): Promise<readonly R[]> {
    const session = await this.lane();
    try {
      const answers = await runBatch(session, this.options.body, items);
      this.moved();
      return answers;
    } catch (error) {
      if (!(error instanceof LaneFailure)) throw error;
      return await this.settle(error as LaneFailure<R>);
    }
  }

  private async settle(failure: LaneFailure<R>): Promise<readonly R[]> {
    switch (failure.verdict) {
      case 'again':
        throw new RunAgain('conflict', { cause: failure.cause });
      case 'duplicate':
        throw failure;
      case 'poison':
        throw new Poison(messageOf(failure.cause), { cause: failure.cause });
      case 'closed':
        throw this.shut(failure.cause);
      case 'fenced':
      case 'lost':
        return this.ask(failure);
    }
  }

  /** Lost answer, fenced lane, dead connection: one path. Close the lane, read how far it came, then answer or run again. */
  private async ask(failure: LaneFailure<R>): Promise<readonly R[]> {
    const { sent } = failure;
    let reached: bigint | undefined;
    try {
      reached = await this.leaveLane();
    } catch (error) {
      if (sent) throw new OutcomeUnknown('the commit was sent and its fate is not known', { cause: error });
    }
    if (sent && reached === sent.batchNo) return sent.answers;
    throw new RunAgain(`lane ${failure.verdict}`, { cause: failure.cause });
  }

  /** @returns the last batch number of the lane left behind */
  private async leaveLane(): Promise<bigint | undefined> {
    const { session } = this;
    this.session = undefined;
    if (!session) return undefined;
    session.connection.destroy();
    return closeLane(this.options.url, session.laneId, this.options.oracleMs ?? ORACLE_MS);
  }

  private async lane(): Promise<LaneSession> {
    if (this.session) return this.session;
    const { service, instance } = this.options;
    try {
      this.session = await openLane(this.options, service, instance);
    } catch (error) {
      // Nothing of the batch was sent: an error that is no poison of ours to blame on an item.
      if (verdictBeforeCommit(error) === 'closed') throw this.shut(error);
      throw new RunAgain('no lane could be opened', { cause: error });
    }
    this.moved();
    return this.session;
  }

  private async beatIfIdle(): Promise<void> {
    if (performance.now() - this.lastMove < BEAT_MS) return;
    await this.group.whenIdle(async () => {
      try {
        await beat(await this.lane());
        this.moved();
      } catch (error) {
        await this.afterFailedBeat(error);
      }
    });
  }

  private async afterFailedBeat(error: unknown): Promise<void> {
    this.lastMove = performance.now();
    const verdict = error instanceof LaneFailure ? error.verdict : 'again';
    if (verdict === 'closed') this.shut((error as Error).cause);
    if (verdict === 'lost' || verdict === 'fenced')
      await this.leaveLane().catch((cause: unknown) =>
        this.alarm('a lane could not be closed; the next cut will', cause),
      );
  }

  private moved(): void {
    this.lastMove = performance.now();
    this.doorClosed = false;
  }

  private shut(cause: unknown): Busy {
    if (!this.doorClosed) this.alarm('the database takes no writes', cause);
    this.doorClosed = true;
    return new Closed('the database takes no writes', { cause });
  }

  private alarm(message: string, error?: unknown): void {
    if (this.options.alarm) this.options.alarm(message, error);
    else process.stderr.write(`alarm: ${message}: ${messageOf(error)}\n`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
