import { Injectable } from '@nestjs/common';
import type { StatementReply } from '@yidian/contracts';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of a file in one answer: well below what the wire between services takes as one message. */
export const PART_BYTES = 8 * 1024 * 1024;
/** A copy that nobody has asked for so long, or written on. */
const KEPT_MS = 3_600_000;

/**
 * Statements as they come in from a provider, written aside piece by piece whatever their size; those larger than a message
 * are handed over part by part. They lie under their hash in a folder of all gateway processes: whoever is asked has them, also
 * after a restart, and what a process that ended left behind goes like all that nobody asks for any more. The copy is only a
 * convenience: when it is gone the file is fetched from the provider again.
 */
@Injectable()
export class StatementParts {
  /** @param folder of nothing else */
  constructor(
    private readonly folder: string,
    private readonly partBytes: number = PART_BYTES,
  ) {}

  /** @throws Error what the reading of the content throws: nothing of it is kept then */
  async first(fileName: string, content: AsyncIterable<Uint8Array>): Promise<StatementReply> {
    await this.forget();
    const aside = this.placeOf(`${randomUUID()}.part`);
    try {
      const { sha256, bytes } = await written(aside, content);
      if (bytes <= this.partBytes)
        return { state: 'ready', fileName, sha256, contentBase64: await readFile(aside, 'base64') };
      await rename(aside, this.placeOf(sha256));
      return await this.more(fileName, sha256, 0);
    } finally {
      await rm(aside, { force: true });
    }
  }

  async more(fileName: string, sha256: string, offset: number): Promise<StatementReply> {
    const path = this.placeOf(sha256);
    const file = await open(path, 'r').catch(() => undefined);
    if (!file) return { state: 'not_ready' };
    try {
      const { size } = await file.stat();
      if (offset >= size) return { state: 'not_ready' };
      await touched(path);
      const part = Buffer.alloc(Math.min(this.partBytes, size - offset));
      const { bytesRead } = await file.read(part, 0, part.length, offset);
      const contentBase64 = part.toString('base64', 0, bytesRead);
      return { state: 'ready', fileName, sha256, contentBase64, bytes: size };
    } finally {
      await file.close();
    }
  }

  /** @param name ours, or a hash as the contract has checked it: no path can be made of it */
  private placeOf(name: string): string {
    return join(this.folder, name);
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

/** It is asked for: it is not to go yet. */
async function touched(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
}

async function written(path: string, content: AsyncIterable<Uint8Array>): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of content) {
      hash.update(chunk);
      bytes += chunk.length;
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}
