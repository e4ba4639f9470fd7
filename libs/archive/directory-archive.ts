import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ArchiveDamaged, type Archive, type Archived } from './archive';

/**
 * An archive in a directory. A file appears whole or not at all (temporary name, fsync, then its own name), and a name once
 * taken is never taken again: the last step is a link, which fails where rename would overwrite.
 */
export class DirectoryArchive implements Archive {
  constructor(private readonly root: string) {}

  async put(place: readonly string[], bytes: Uint8Array): Promise<Archived> {
    const archived = namedBy(place, hashOf(bytes));
    await this.settle(await this.beside(join(this.root, archived.path), bytes), archived);
    return archived;
  }

  async putStream(place: readonly string[], bytes: AsyncIterable<Uint8Array>): Promise<Archived & { bytes: number }> {
    const temporary = join(this.root, ...place.slice(0, -1).map(safe), `.${randomUUID()}.tmp`);
    await makeFolder(dirname(temporary));
    const hash = createHash('sha256');
    let length = 0;
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        for await (const chunk of bytes) {
          hash.update(chunk);
          length += chunk.length;
          await file.writeFile(chunk);
        }
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    const archived = namedBy(place, hash.digest('hex'));
    await this.settle(temporary, archived);
    return { ...archived, bytes: length };
  }

  async putFile(place: readonly string[], file: string, sha256: string): Promise<Archived> {
    const archived = namedBy(place, sha256);
    const target = join(this.root, archived.path);
    await makeFolder(dirname(target));
    const temporary = join(dirname(target), `.${randomUUID()}.tmp`);
    try {
      await link(file, temporary);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
      return this.putStream(place, createReadStream(file, { highWaterMark: READ_BYTES }));
    }
    await this.settle(temporary, archived);
    return archived;
  }

  async local({ path }: Archived): Promise<string> {
    const place = this.placeOf(path);
    const there = await stat(place).catch(() => undefined);
    if (!there?.isFile()) throw new ArchiveDamaged(`${path}: the file is gone`);
    return place;
  }

  /** Gives what was written aside its own name; the same name already taken must hold the same bytes. */
  private async settle(temporary: string, archived: Archived): Promise<void> {
    const target = join(this.root, archived.path);
    try {
      await link(temporary, target);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      for await (const chunk of this.stream(archived)) void chunk;
    } finally {
      await unlink(temporary);
    }
    // Also when it was there: who put it may have ended before the folder was on disk.
    await syncFolder(dirname(target));
  }

  async get({ path, sha256 }: Archived): Promise<Buffer> {
    const bytes = await readIfThere(this.placeOf(path));
    if (!bytes) throw new ArchiveDamaged(`${path}: the file is gone`);
    const found = hashOf(bytes);
    if (found !== sha256) throw new ArchiveDamaged(`${path}: expected ${sha256}, found ${found}`);
    return bytes;
  }

  async *stream({ path, sha256 }: Archived): AsyncGenerator<Buffer> {
    const hash = createHash('sha256');
    try {
      for await (const chunk of createReadStream(this.placeOf(path), { highWaterMark: READ_BYTES })) {
        hash.update(chunk as Buffer);
        yield chunk as Buffer;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new ArchiveDamaged(`${path}: the file is gone`);
    }
    const found = hash.digest('hex');
    if (found !== sha256) throw new ArchiveDamaged(`${path}: expected ${sha256}, found ${found}`);
  }

  async restore({ path, sha256 }: Archived, bytes: Uint8Array): Promise<void> {
    const target = this.placeOf(path);
    const offered = hashOf(bytes);
    if (offered !== sha256) throw new ArchiveDamaged(`${path}: expected ${sha256}, was offered ${offered}`);
    const there = await readIfThere(target);
    if (there && hashOf(there) === sha256) return;
    const temporary = await this.beside(target, bytes);
    try {
      if (there) await link(target, `${target}.damaged-${randomUUID()}`);
      await rename(temporary, target);
    } finally {
      await rm(temporary, { force: true });
    }
    await syncFolder(dirname(target));
  }

  private placeOf(path: string): string {
    if (path.split('/').some((part) => part !== safe(part))) throw new ArchiveDamaged(`no archive path: ${path}`);
    return join(this.root, path);
  }

  /** The bytes on disk in the same folder under a name that nobody asks for. */
  private async beside(target: string, bytes: Uint8Array): Promise<string> {
    await makeFolder(dirname(target));
    const temporary = join(dirname(target), `.${randomUUID()}.tmp`);
    await writeDurably(temporary, bytes);
    return temporary;
  }
}

const READ_BYTES = 256 * 1024;

function namedBy(place: readonly string[], sha256: string): Archived {
  const parts = place.map(safe);
  return { path: [...parts.slice(0, -1), `${sha256.slice(0, 16)}-${parts.at(-1) ?? 'file'}`].join('/'), sha256 };
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A new folder is there after a crash only when the folder that names it is on disk, and so upwards. */
async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  const top = resolve(first);
  for (let made = resolve(path); made.length >= top.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** No part can climb out of the archive or hide in it. */
function safe(part: string): string {
  const kept = part.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 120);
  return kept.replace(/^\.+/, '_') || '_';
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
