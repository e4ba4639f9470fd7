import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from '@yidian/telemetry';
import { AlarmsStore, type Alarm } from './alarms.store';

/** Injection token of the process's logger. */
export const LOGGER = Symbol('reconciliation logger');

/** Something a person must hear of. Written down and logged; raising it never stops the work that found it. */
@Injectable()
export class RaiseAlarm {
  constructor(
    private readonly store: AlarmsStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async execute(alarm: Alarm): Promise<void> {
    this.logger.error({ alarm: alarm.kind, provider: alarm.provider, date: alarm.date }, alarm.detail);
    await this.store.add(alarm).catch((error: unknown) => this.logger.error({ err: error }, 'alarm not written down'));
  }
}
