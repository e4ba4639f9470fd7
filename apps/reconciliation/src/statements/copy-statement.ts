import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { hashOf } from '../matching/identity';
import { keepFile } from '../matching/engine/keep-file';
import { isWholeCopy, LineCopy, type CopyFiles } from '../matching/engine/line-copy';
import { ReadStatement, type LineSink } from './read-statement';
import type { StatementTotals, UnreadableLine } from './statement';
import { readTotals, writeTotals } from './statement-totals';
import type { StatementFile } from './statements.store';

export interface CopiedStatement {
  files: CopyFiles;
  totals: StatementTotals;
  /** As many as are kept one by one. */
  unreadable: UnreadableLine[];
}

type Kept = Omit<CopiedStatement, 'totals'> & { totals: string };

/** Changes when the same file may be copied otherwise. */
const COPY = 'copy-1';

/**
 * A statement of any format in the words that the matching engine reads: read as a stream, written down line by line, in
 * flat memory. Scratch: what is there and whole is taken, what was killed half-way is begun anew.
 */
@Injectable()
export class CopyStatement {
  constructor(private readonly read: ReadStatement) {}

  /** @param folder of the provider and date */
  async execute(
    file: StatementFile,
    connector: string,
    folder: string,
    progress?: LineSink['progress'],
  ): Promise<CopiedStatement> {
    const { sha256, provider, date, fileName, archivePath } = file;
    const name = hashOf(COPY, sha256, connector, provider, date, fileName, archivePath).slice(0, 16);
    const place = join(folder, `copy-${name}`);
    return (await kept(place)) ?? (await this.copy(file, connector, place, progress));
  }

  private async copy(
    file: StatementFile,
    connector: string,
    place: string,
    progress?: LineSink['progress'],
  ): Promise<CopiedStatement> {
    const copy = new LineCopy(place);
    const unreadable: UnreadableLine[] = [];
    let totals: StatementTotals;
    try {
      ({ totals } = await this.read.stream(file, connector, {
        line: (line) => copy.add(line),
        unreadable: (line) => void unreadable.push(line),
        ...(progress && { progress }),
      }));
    } catch (error) {
      copy.drop();
      throw error;
    }
    const files = copy.end();
    keepFile(
      `${place}.json`,
      Buffer.from(JSON.stringify({ files, unreadable, totals: writeTotals(totals) } satisfies Kept)),
    );
    return { files, totals, unreadable };
  }
}

async function kept(place: string): Promise<CopiedStatement | undefined> {
  if (!existsSync(`${place}.json`)) return undefined;
  const { files, unreadable, totals } = JSON.parse(readFileSync(`${place}.json`, 'utf8')) as Kept;
  return (await isWholeCopy(files)) ? { files, unreadable, totals: readTotals(totals) } : undefined;
}
