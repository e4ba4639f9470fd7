import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CONFIG, type ReconciliationConfig } from '../reconciliation.config';

/** Larger than any statement of a day that we know; a folder is not filled by somebody's mistake. */
export const LARGEST_UPLOAD = 8 * 1024 ** 3;
/** An upload that nobody went on with. */
const FORGOTTEN_MS = 24 * 3_600_000;

export type PartTaken = { received: number } | { refused: 'unknown_upload' | 'gap' | 'too_large' };

/** Files on their way in, part by part. A part is written at its place, so that sending it again changes nothing. */
@Injectable()
export class Uploads {
  private readonly folder: string;

  constructor(@Inject(CONFIG) config: ReconciliationConfig) {
    this.folder = join(config.DATA_DIR, 'uploads');
  }

  async begin(): Promise<string> {
    await mkdir(this.folder, { recursive: true });
    await this.forget();
    const upload = randomUUID();
    await (await open(this.placeOf(upload), 'wx', 0o600)).close();
    return upload;
  }

  async take(upload: string, offset: number, bytes: Buffer): Promise<PartTaken> {
    const size = await this.size(upload);
    if (size === undefined) return { refused: 'unknown_upload' };
    if (offset > size) return { refused: 'gap' };
    if (offset + bytes.length > LARGEST_UPLOAD) return { refused: 'too_large' };
    const file = await open(this.placeOf(upload), 'r+');
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done);
        done += bytesWritten;
      }
    } finally {
      await file.close();
    }
    return { received: Math.max(size, offset + bytes.length) };
  }

  stream(upload: string): AsyncIterable<Uint8Array> {
    return createReadStream(this.placeOf(upload), { highWaterMark: 256 * 1024 });
  }

  async end(upload: string): Promise<void> {
    await rm(this.placeOf(upload), { force: true });
  }

  private async size(upload: string): Promise<number | undefined> {
    return (await stat(this.placeOf(upload)).catch(() => undefined))?.size;
  }

  /** @param upload an id that the contract has checked: no path can be made of it */
  private placeOf(upload: string): string {
    return join(this.folder, `${upload}.part`);
  }

  private async forget(): Promise<void> {
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name);
      const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
      if (age > FORGOTTEN_MS) await rm(path, { force: true });
    }
  }
}
