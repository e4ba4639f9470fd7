import { Inject, Injectable } from '@nestjs/common';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { CONFIG, type SettlementConfig } from '../settlement.config';
import { RunsStore } from './runs.store';

/**
 * Puts sent runs into the folder the bank's client takes them from. Name and content are both made of what is ordered: a
 * file written again after a crash is the same file, and the bank knows its message id.
 */
@Injectable()
export class DeliverFiles {
  constructor(
    @Inject(CONFIG) private readonly config: SettlementConfig,
    private readonly runs: RunsStore,
  ) {}

  async execute(): Promise<void> {
    const folder = this.config.PAYOUT_FOLDER;
    if (folder === undefined) return;
    for (const runId of await this.runs.undelivered()) {
      const file = await this.runs.content(runId);
      if (!file) continue;
      await writeWhole(folder, file.fileName, file.content);
      await this.runs.delivered(runId);
    }
  }
}

/** Nobody ever sees half of it. */
async function writeWhole(folder: string, name: string, content: Buffer): Promise<void> {
  await mkdir(folder, { recursive: true });
  const half = join(folder, `.${name}.part`);
  const file = await open(half, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(half, join(folder, name));
}
