import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type ReconciliationConfig } from '../reconciliation.config';
import { breaksCsv } from './breaks-csv';
import { bridgeXlsx } from './bridge-sheet';
import { ReadDayReport } from './day-report';
import { summary } from './summary';

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

  async execute(date: string): Promise<ReportFile[]> {
    const report = await this.day.execute(date);
    if (report.status.providers.length === 0) return [];
    const files = [
      { name: 'summary.md', contentType: 'text/markdown; charset=utf-8', bytes: Buffer.from(summary(report)) },
      {
        name: 'bridge.xlsx',
        contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        bytes: await bridgeXlsx(report),
      },
      { name: 'breaks.csv', contentType: 'text/csv; charset=utf-8', bytes: Buffer.from(breaksCsv(report.breaks)) },
    ];
    for (const file of files) await this.put(date, file.name, file.bytes);
    return files;
  }

  async put(date: string, name: string, bytes: Buffer): Promise<void> {
    const folder = join(this.config.OUT_DIR, date);
    await mkdir(folder, { recursive: true });
    const temporary = join(folder, `.${randomUUID()}.tmp`);
    await writeFile(temporary, bytes);
    await rename(temporary, join(folder, name));
  }
}
