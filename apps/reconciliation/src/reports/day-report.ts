import { Injectable } from '@nestjs/common';
import type { BridgeLine, NightStatusReply, ReportReply } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import { AlarmsStore } from '../alarms/alarms.store';
import { BreaksStore } from '../breaks/breaks.store';
import type { Break } from '../breaks/break';
import { NightStatus } from '../close/night-status';
import { provinceOf } from '../comparisons/credit-findings';
import { CreditRunsStore, type CreditRun } from '../comparisons/credit-runs.store';
import { RunsStore, type Run } from '../matching/runs.store';
import { ReadNames, type Names } from './names';
import { ReadReport } from './read-report';

export interface DayReport {
  date: string;
  status: NightStatusReply;
  runs: Run[];
  /** Of statements, and of provinces' credit files: where a sum comes from and what differs. */
  bridges: ShownBridge[];
  breaks: Break[];
  alarms: { kind: string; provider: string; detail: string }[];
  figures: ReportReply;
  names: Names;
}

export interface ShownBridge {
  provider: string;
  kind: string;
  statementTotal: string;
  bookTotal: string;
  lines: BridgeLine[];
  residual: string;
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
    private readonly credits: CreditRunsStore,
    private readonly names: ReadNames,
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
    const runs = (await this.runs.currentOfDate(date)).filter(isWanted);
    const files = (await this.credits.between(date, date)).filter(({ state }) => state !== 'wanted').map(fileBridge);
    return {
      date,
      status: { ...status, providers: status.providers.filter(isWanted) },
      runs,
      bridges: [...runs.flatMap(statementBridges), ...files.filter(isWanted)],
      breaks,
      alarms: (await this.alarms.of(date)).filter(isWanted),
      names: await this.names.execute(),
      figures: await this.figures.execute({ from: date, to: date, ...only }),
    };
  }
}

const statementBridges = ({ provider, bridges }: Run): ShownBridge[] =>
  bridges.map((bridge) => ({ provider, ...bridge }));

/** The province's own file against our orders. */
const fileBridge = ({ branch, amount, ours, parts, residual }: CreditRun): ShownBridge => ({
  ...{ provider: provinceOf(branch), kind: 'credit_file', statementTotal: toDigits(amount), bookTotal: toDigits(ours) },
  ...{ lines: JSON.parse(parts) as BridgeLine[], residual: toDigits(residual) },
});
