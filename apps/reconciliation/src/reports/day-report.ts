import { Injectable } from '@nestjs/common';
import type { NightStatusReply, ReportReply } from '@yidian/contracts';
import { AlarmsStore } from '../alarms/alarms.store';
import { BreaksStore } from '../breaks/breaks.store';
import type { Break } from '../breaks/break';
import { NightStatus } from '../close/night-status';
import { RunsStore, type Run } from '../matching/runs.store';
import { ReadReport } from './read-report';

export interface DayReport {
  date: string;
  status: NightStatusReply;
  runs: Run[];
  breaks: Break[];
  alarms: { kind: string; provider: string; detail: string }[];
  figures: ReportReply;
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
    private readonly figures: ReadReport,
  ) {}

  /** @param provider only this one's */
  async execute(date: string, provider?: string): Promise<DayReport> {
    const only = provider === undefined ? {} : { provider };
    const breaks: Break[] = [];
    for (let last: Break | undefined; ;) {
      const page = await this.breaks.list({
        date,
        ...only,
        limit: PAGE,
        ...(last ? { after: { date, id: last.id } } : {}),
      });
      breaks.push(...page);
      last = page.at(-1);
      if (page.length < PAGE) break;
    }
    const isWanted = (row: { provider: string }) => provider === undefined || row.provider === provider;
    const status = await this.status.execute(date);
    return {
      date,
      status: { ...status, providers: status.providers.filter(isWanted) },
      runs: (await this.runs.currentOfDate(date)).filter(isWanted),
      breaks,
      alarms: (await this.alarms.of(date)).filter(isWanted),
      figures: await this.figures.execute({ from: date, to: date, ...only }),
    };
  }
}
