import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { NightStatusReply } from '@yidian/contracts';
import type { Logger } from '@yidian/telemetry';
import { LOGGER, RaiseAlarm } from '../alarms/raise-alarm';
import { addDays } from '../dates';
import { CONFIG, type ReconciliationConfig } from '../reconciliation.config';
import { Repeat } from '../repeat';
import { NightStatus } from './night-status';
import { SignOffDay } from './sign-off-day';
import { StepsStore } from './steps.store';

/** How many latest dates are looked at: older ones have had their alarm. */
const DATES = 10;
const EVERY_MS = 60_000;
/** Stands as who signed a day on which everything was well. */
export const ALL_IS_WELL = 'rule:all_is_well';

/**
 * A day that is not settled by its deadline is an alarm, once per provider. A day on which all is well, no difference open,
 * closes itself at its time: people sign only days that have something to look at.
 */
@Injectable()
export class WatchDaysJob implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly repeat: Repeat;

  constructor(
    private readonly steps: StepsStore,
    private readonly status: NightStatus,
    private readonly signOff: SignOffDay,
    private readonly alarm: RaiseAlarm,
    @Inject(CONFIG) private readonly config: ReconciliationConfig,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.repeat = new Repeat('watch days', EVERY_MS, () => this.execute(new Date()), logger);
  }

  async execute(now: Date): Promise<void> {
    for (const date of await this.steps.dates(DATES)) {
      const day = await this.status.execute(date);
      if (day.signedOff) continue;
      if (isPast(date, this.config.DAY_DEADLINE, now)) await this.late(day);
      if (!isPast(date, this.config.DAY_CLOSES_ITSELF, now) || !allIsWell(day)) continue;
      if ((await this.status.openElsewhere(date)) === 0) await this.signOff.execute(date, ALL_IS_WELL);
    }
  }

  private async late({ date, providers }: NightStatusReply): Promise<void> {
    for (const { provider, state, steps } of providers) {
      if (state === 'settled') continue;
      const at = steps.find((step) => step.state !== 'done');
      const detail = `not settled by ${this.config.DAY_DEADLINE}: ${at?.name ?? 'night'} ${at?.state ?? ''} ${at?.error ?? ''}`;
      await this.alarm.once(`day_late ${provider} ${date}`, {
        kind: 'day_late',
        provider,
        date,
        detail: detail.trim(),
      });
    }
  }

  onApplicationBootstrap(): void {
    this.repeat.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.repeat.stop();
  }
}

/** A time of the next calendar day in Asia/Shanghai; `off` never comes. */
export function isPast(date: string, time: string, now: Date): boolean {
  return time !== 'off' && now >= new Date(`${addDays(date, 1)}T${time}:00+08:00`);
}

const allIsWell = ({ providers }: NightStatusReply): boolean =>
  providers.length > 0 &&
  providers.every((day) => day.state === 'settled' && day.openBreaks === 0 && day.residual === '0');
