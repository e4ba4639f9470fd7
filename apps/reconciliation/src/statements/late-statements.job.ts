import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from '@yidian/telemetry';
import { LOGGER, RaiseAlarm } from '../alarms/raise-alarm';
import { CONFIG, type ReconciliationConfig } from '../reconciliation.config';
import { Repeat } from '../repeat';
import { WaitsStore } from './waits.store';

/** A statement that is not there by its provider's deadline is an alarm, once; it is waited for all the same. */
@Injectable()
export class LateStatementsJob implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly repeat: Repeat;

  constructor(
    private readonly waits: WaitsStore,
    private readonly alarm: RaiseAlarm,
    @Inject(CONFIG) config: ReconciliationConfig,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.repeat = new Repeat('late statements', config.SWEEP_EVERY_MS, () => this.execute(), logger);
  }

  async execute(): Promise<void> {
    for (const wait of await this.waits.late()) {
      if (!(await this.waits.markLate(wait))) continue;
      const { provider, date, deadlineAt, tries, detail } = wait;
      const said = `not there by ${deadlineAt.toISOString()} after ${tries} tries: ${detail}`;
      await this.alarm.execute({ kind: 'statement_late', provider, date, detail: said });
    }
  }

  onApplicationBootstrap(): void {
    this.repeat.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.repeat.stop();
  }
}
