import { checkDay } from './check-day';
import { setBranchStatus } from './branch-status';
import { planDay } from './day-plan';
import type { UnfinishedRun } from './demo-journal';
import type { DemoTools } from './demo-tools';
import { damageStatement, injectedDifferences } from './inject';
import { allCut, allSettled, awaitNight, cutOutside, startNight } from './night';
import { endDoubts, playMaintenance, playStory, playTraffic, signUp } from './play-day';
import { MAINTENANCE_BRANCH, population } from './population';
import type { ProgressView } from './progress';

/**
 * The demo: one day of the whole country through the platform's public doors, then its night. Every key follows from the
 * seed and what is done is remembered, so a run that was interrupted anywhere goes on and doubles nothing.
 */
export class Demo {
  constructor(
    private readonly tools: DemoTools,
    private readonly outDir: string,
  ) {}

  progress(): ProgressView {
    return this.tools.progress.read();
  }

  /** Starts the demo day, or goes on with it; does nothing while one is running. */
  run(payments = 2000): ProgressView {
    return this.begin({ date: this.tools.world.demoFile.firstBusinessDate, payments });
  }

  /** Closes the day that the bank is in and runs its night. */
  night(): ProgressView {
    return this.begin({ date: this.tools.world.bank.date, payments: 0 });
  }

  /** Goes on with what was under way when the process was killed. */
  resume(): void {
    const { unfinished } = this.tools.journal;
    if (unfinished) this.begin(unfinished);
  }

  private begin(run: UnfinishedRun): ProgressView {
    const { progress, journal } = this.tools;
    if (!progress.running) {
      journal.begin(run);
      progress.start(run.date);
      const work = run.payments > 0 ? this.day(run.date, run.payments) : this.close(run.date, 0, []);
      work.catch((error: unknown) => progress.fail(error instanceof Error ? error : new Error(String(error))));
    }
    return progress.read();
  }

  private async day(date: string, payments: number): Promise<void> {
    const { tools } = this;
    const { seed } = tools.world.demoFile;
    const people = population(seed);
    const plan = planDay(seed, date, people, payments - 1);
    await playStory(tools, people.zhang, date);
    await signUp(tools, plan);
    await playTraffic(tools, plan);
    await endDoubts(tools, plan);
    tools.progress.phase('maintenance');
    await tools.journal.once(`${date}/maintenance`, async () => {
      await setBranchStatus(tools, MAINTENANCE_BRANCH, 'maintenance');
      await playMaintenance(tools, plan);
    });
    damageStatement(tools, plan);
    await this.close(date, plan.total + 1, injectedDifferences(tools, plan));
  }

  private async close(date: string, payments: number, injected: ReturnType<typeof injectedDifferences>): Promise<void> {
    const { tools } = this;
    tools.progress.phase('cut');
    cutOutside(tools, date);
    await startNight(tools, date);
    await awaitNight(tools, date, allCut);
    tools.progress.phase('night');
    if (injected.some((difference) => difference.class === 'uncredited')) {
      await tools.journal.once(`${date}/reopened`, () => setBranchStatus(tools, MAINTENANCE_BRANCH, 'open'));
    }
    await awaitNight(tools, date, allSettled);
    tools.progress.phase('check');
    const result = await checkDay(tools, date, payments, injected, this.outDir);
    tools.journal.ended(result);
    tools.progress.finish(result);
  }
}
