import { Injectable } from '@nestjs/common';
import type { StatementReply } from '@yidian/contracts';
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bytes of a file in one answer: well below what the wire between services takes as one message. */
export const PART_BYTES = 8 * 1024 * 1024;
/** A copy that nobody asks for any more. */
const KEPT_MS = 3_600_000;

/**
 * Statements that are larger than a message, handed over part by part. The copy is only a convenience: when it is gone the
 * file is fetched from the provider again.
 */
@Injectable()
export class StatementParts {
  private readonly folder = join(tmpdir(), `yidian-statements-${process.pid}`);

  constructor(private readonly partBytes: number = PART_BYTES) {}

  async first(fileName: string, content: Buffer): Promise<StatementReply> {
    const sha256 = createHash('sha256').update(content).digest('hex');
    const part = content.subarray(0, this.partBytes);
    const reply = { state: 'ready' as const, fileName, sha256, contentBase64: part.toString('base64') };
    if (part.length === content.length) return reply;
    await this.forget();
    await writeFile(this.placeOf(sha256), content, { mode: 0o600 });
    return { ...reply, bytes: content.length };
  }

  async more(fileName: string, sha256: string, offset: number): Promise<StatementReply> {
    const path = this.placeOf(sha256);
    const size = (await stat(path).catch(() => undefined))?.size;
    if (size === undefined || offset >= size) return { state: 'not_ready' };
    const part = Buffer.alloc(Math.min(this.partBytes, size - offset));
    const file = await open(path, 'r');
    try {
      const { bytesRead } = await file.read(part, 0, part.length, offset);
      const contentBase64 = part.toString('base64', 0, bytesRead);
      return { state: 'ready', fileName, sha256, contentBase64, bytes: size };
    } finally {
      await file.close();
    }
  }

  /** @param sha256 as the contract has checked it: no path can be made of it */
  private placeOf(sha256: string): string {
    return join(this.folder, sha256);
  }

  private async forget(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.folder)) {
      const path = this.placeOf(name);
      const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
      if (age > KEPT_MS) await rm(path, { force: true });
    }
  }
}
