import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from '@yidian/telemetry';
import { LOGGER } from '../alarms/raise-alarm';
import { CONFIG, type ReconciliationConfig } from '../reconciliation.config';
import { Repeat } from '../repeat';
import { BeginDue } from './begin-due';
import { NightBell } from './night-bell';
import { StepsStore } from './steps.store';
import { WorkStep } from './work-step';

/**
 * Rings again for what is due by the rows: lost rings, dead workers, a wiped Redis. Where the bell does not work at all it
 * does the work itself.
 */
@Injectable()
export class SweepJob implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly repeat: Repeat;

  constructor(
    private readonly steps: StepsStore,
    private readonly bell: NightBell,
    private readonly work: WorkStep,
    private readonly begin: BeginDue,
    @Inject(CONFIG) config: ReconciliationConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.repeat = new Repeat('sweep', config.SWEEP_EVERY_MS, () => this.execute(), logger);
  }

  async execute(): Promise<void> {
    for (const step of await this.steps.due()) {
      if (await this.bell.tryRing(step.id, step.fence)) continue;
      this.logger.warn({ step: step.id }, 'the bell does not ring, working without it');
      await this.work.execute(step.id);
    }
    await this.begin.execute();
  }

  onApplicationBootstrap(): void {
    this.repeat.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.repeat.stop();
  }
}
