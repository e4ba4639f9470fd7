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

  /** For what a job finds again at every turn: raised once per key. */
  async once(key: string, alarm: Alarm): Promise<void> {
    try {
      if (!(await this.store.addOnce(key, alarm))) return;
      this.logger.error({ alarm: alarm.kind, provider: alarm.provider, date: alarm.date }, alarm.detail);
    } catch (error) {
      this.logger.error({ err: error, alarm: alarm.kind }, 'alarm not written down');
    }
  }
}
