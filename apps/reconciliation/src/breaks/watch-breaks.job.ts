import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { formatMajor } from '@yidian/money';
import type { Logger } from '@yidian/telemetry';
import { LOGGER, RaiseAlarm } from '../alarms/raise-alarm';
import { addDays } from '../dates';
import { Repeat } from '../repeat';
import { BreaksStore } from './breaks.store';

const EVERY_MS = 300_000;
/** An open break is told about when it has become so many days old. */
const AGES = [4, 8, 31] as const;

/** Breaks past their due date, and breaks that have become old: one alarm per provider, date and reason, never a thousand. */
@Injectable()
export class WatchBreaksJob implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly repeat: Repeat;

  constructor(
    private readonly breaks: BreaksStore,
    private readonly alarm: RaiseAlarm,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.repeat = new Repeat('watch breaks', EVERY_MS, () => this.execute(shanghaiDay(new Date())), logger);
  }

  async execute(today: string): Promise<void> {
    for (const { provider, date, owner, count, amount } of await this.breaks.overdue(today)) {
      const whose = owner === '' ? 'nobody has taken them' : `of ${owner}`;
      await this.alarm.once(`break_overdue ${provider} ${date} ${owner} ${today}`, {
        ...{ kind: 'break_overdue', provider, date },
        detail: `${count} breaks past their due date, ${formatMajor(amount)} CNY, ${whose}`,
      });
    }
    for (const days of AGES)
      for (const { provider, date, count, amount } of await this.breaks.openUpTo(addDays(today, -days)))
        await this.alarm.once(`break_aged ${provider} ${date} ${days}`, {
          ...{ kind: 'break_aged', provider, date },
          detail: `${count} breaks are ${days} days old and open, ${formatMajor(amount)} CNY`,
        });
  }

  onApplicationBootstrap(): void {
    this.repeat.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.repeat.stop();
  }
}

/** The calendar day in Asia/Shanghai, which has no summer time. */
export const shanghaiDay = (now: Date): string => new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
