import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type ReconciliationConfig } from '../reconciliation.config';

/** Folders of what matching makes on its way: sealed books, partitions, parts. All of it can be made again. */
@Injectable()
export class MatchScratch {
  constructor(@Inject(CONFIG) private readonly config: ReconciliationConfig) {}

  /** That of the date; those of earlier dates go. */
  async of(provider: string, date: string): Promise<string> {
    const root = join(this.config.DATA_DIR, 'match', provider.replace(/[^A-Za-z0-9_-]/g, '_'));
    const folder = join(root, date);
    await mkdir(folder, { recursive: true });
    const earlier = (await readdir(root)).filter((name) => name < date);
    await Promise.all(earlier.map((name) => rm(join(root, name), { recursive: true, force: true })));
    return folder;
  }
}
