import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type ReconciliationConfig } from '../reconciliation.config';
import { breaksCsv } from './breaks-csv';
import { bridgeXlsx } from './bridge-sheet';
import { breakSheet } from './break-sheet';
import { ReadDayReport, type DayReport } from './day-report';
import { daySheets } from './day-sheets';
import { reportPage } from './report-page';
import { sheetCsv } from './sheet-csv';
import { workbook } from './sheet-xlsx';
import { summary } from './summary';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const CSV = 'text/csv; charset=utf-8';
const SIGMA_NOTE =
  'DPMO = 缺陷 ÷ 笔数 × 10⁶ defects ÷ payments × 10⁶; σ = Φ⁻¹(1 − DPMO/10⁶) + 1.5; 少于 3,000 笔只列数 under 3,000 payments counts only.';

export interface ReportFile {
  name: string;
  contentType: string;
  bytes: Buffer;
}

/** The day's files for people, as things stand now; whoever reads one while it is written reads the one before. */
@Injectable()
export class WriteReports {
  constructor(
    private readonly day: ReadDayReport,
    @Inject(CONFIG) private readonly config: ReconciliationConfig,
  ) {}

  /** Of one provider they are only answered; the files of the date are of all. */
  async execute(date: string, provider?: string): Promise<ReportFile[]> {
    const report = await this.day.execute(date, provider);
    if (report.status.providers.length === 0) return [];
    const files = [
      { name: 'summary.md', contentType: 'text/markdown; charset=utf-8', bytes: Buffer.from(summary(report)) },
      {
        name: 'bridge.xlsx',
        contentType: XLSX,
        bytes: await bridgeXlsx(report),
      },
      { name: 'breaks.csv', contentType: CSV, bytes: Buffer.from(breaksCsv(report.breaks, report.names)) },
    ];
    files.push(...(await this.tables(report)));
    if (provider === undefined) for (const file of files) await this.put(date, file.name, file.bytes);
    return files;
  }

  private async tables(report: DayReport): Promise<ReportFile[]> {
    const { date, breaks, figures } = report;
    const [first, ...rest] = daySheets(report);
    const sheets = [...(first ? [first] : []), breakSheet(breaks, date, report.names), ...rest];
    const csv = sheets
      .filter(({ name }) => name !== 'breaks')
      .map((sheet) => ({ name: `${sheet.name}.csv`, contentType: CSV, bytes: Buffer.from(sheetCsv(sheet)) }));
    const page = reportPage(`${date} 对账报告 Reconciliation report`, [SIGMA_NOTE], sheets, figures.pareto);
    return [
      { name: 'report.xlsx', contentType: XLSX, bytes: await workbook(sheets) },
      { name: 'report.html', contentType: 'text/html; charset=utf-8', bytes: Buffer.from(page) },
      ...csv,
    ];
  }

  async put(date: string, name: string, bytes: Buffer): Promise<void> {
    const folder = join(this.config.OUT_DIR, date);
    await mkdir(folder, { recursive: true });
    const temporary = join(folder, `.${randomUUID()}.tmp`);
    await writeFile(temporary, bytes);
    await rename(temporary, join(folder, name));
  }
}
