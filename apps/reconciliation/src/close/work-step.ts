import { Inject, Injectable } from '@nestjs/common';
import type { StepName } from '@yidian/contracts';
import type { Logger } from '@yidian/telemetry';
import { LOGGER } from '../alarms/raise-alarm';
import { NightBell } from './night-bell';
import type { StepOutcome, StepRow, StepWork, TellProgress } from './step-work';
import { StepLost, StepsStore } from './steps.store';

/** Injection token of every kind of step there is. */
export const STEP_WORKS = Symbol('step works');

const BEAT_MS = 15_000;
const TELL_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** Claims a step, keeps its lease while it works, publishes what came of it. Called by the bell and by the sweep alike. */
@Injectable()
export class WorkStep {
  private readonly works: ReadonlyMap<StepName, StepWork>;
  private readonly running = new Set<Promise<void>>();
  private stopping = false;

  constructor(
    private readonly steps: StepsStore,
    private readonly bell: NightBell,
    @Inject(STEP_WORKS) works: readonly StepWork[],
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.works = new Map(works.map((work) => [work.name, work]));
  }

  async execute(id: string): Promise<void> {
    if (this.stopping) return;
    const work = this.once(id);
    this.running.add(work);
    await work.finally(() => this.running.delete(work));
  }

  /** At shutdown: nothing new begins, what is running ends. */
  async drain(): Promise<void> {
    this.stopping = true;
    await Promise.allSettled([...this.running]);
  }

  private async once(id: string): Promise<void> {
    const step = await this.steps.claim(id);
    if (!step) return;
    const lost = new AbortController();
    const heart = setInterval(() => {
      void this.steps.beat(step).then(
        (kept) => kept || lost.abort(),
        () => undefined,
      );
    }, BEAT_MS);
    try {
      await this.end(step, await this.outcome(step, lost.signal, this.teller(step)));
    } catch (error) {
      if (!(error instanceof StepLost)) throw error;
      this.logger.warn({ step: id }, error.message);
    } finally {
      clearInterval(heart);
    }
  }

  /** The first, then once a second, and the end, in this order; what cannot be written is only not seen. */
  private teller(step: StepRow): TellProgress {
    let last = 0;
    let writing = Promise.resolve();
    return (done, total) => {
      const now = Date.now();
      if (now - last < TELL_MS && done !== total) return;
      last = now;
      writing = writing.then(() => this.steps.tell(step, done, total)).catch(() => undefined);
    };
  }

  private async outcome(step: StepRow, lost: AbortSignal, tell: TellProgress): Promise<StepOutcome> {
    try {
      const work = this.works.get(step.name);
      if (!work) throw new Error(`nobody does ${step.name}`);
      return await work.run(step, lost, tell);
    } catch (error) {
      this.logger.warn({ step: step.id, tries: step.tries, err: error }, 'a step did not end');
      return { kind: 'failed', why: error instanceof Error ? error.message : 'failed' };
    }
  }

  private async end(step: StepRow, outcome: StepOutcome): Promise<void> {
    if (outcome.kind === 'done') {
      const freed = await this.published(step, outcome);
      for (const child of freed) this.bell.ring(child, await this.steps.fence(child));
      return;
    }
    const failed = outcome.kind === 'failed';
    const pause = failed ? Math.min(1_000 * 2 ** Math.min(step.tries, 6), LONGEST_PAUSE_MS) : outcome.afterMs;
    await this.steps.giveBack(step, failed ? 'failed' : 'ready', pause, outcome.why);
    this.bell.ringLater(step.id, step.fence, pause);
  }

  /** An error inside the publishing transaction is an outcome like any other: nothing was written. */
  private async published(step: StepRow, outcome: Extract<StepOutcome, { kind: 'done' }>): Promise<string[]> {
    try {
      const freed = await this.steps.publish(step, outcome.resultHash, outcome.publish);
      this.logger.info({ step: step.id, tries: step.tries }, 'done');
      return freed;
    } catch (error) {
      if (error instanceof StepLost) throw error;
      this.logger.error({ step: step.id, err: error }, 'a step could not be published');
      await this.end(step, { kind: 'failed', why: error instanceof Error ? error.message : 'failed' });
      return [];
    }
  }
}
