import { Injectable } from '@nestjs/common';
import type { NightStatusReply } from '@yidian/contracts';
import { AlarmsStore } from '../alarms/alarms.store';
import { BreaksStore } from '../breaks/breaks.store';
import type { Break } from '../breaks/break';
import { NightStatus } from '../close/night-status';
import { RunsStore, type Run } from '../matching/runs.store';

export interface DayReport {
  date: string;
  status: NightStatusReply;
  runs: Run[];
  breaks: Break[];
  alarms: { kind: string; provider: string; detail: string }[];
}

const PAGE = 500;

/** Everything the reports of a date are written from, read once. */
@Injectable()
export class ReadDayReport {
  constructor(
    private readonly status: NightStatus,
    private readonly runs: RunsStore,
    private readonly breaks: BreaksStore,
    private readonly alarms: AlarmsStore,
  ) {}

  async execute(date: string): Promise<DayReport> {
    const breaks: Break[] = [];
    for (let last: Break | undefined; ;) {
      const page = await this.breaks.list({ date, limit: PAGE, ...(last ? { after: { date, id: last.id } } : {}) });
      breaks.push(...page);
      last = page.at(-1);
      if (page.length < PAGE) break;
    }
    const status = await this.status.execute(date);
    return { date, status, runs: await this.runs.currentOfDate(date), breaks, alarms: await this.alarms.of(date) };
  }
}
