import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ArchiveDamaged, type Archive, type Archived } from './archive';

/**
 * An archive in a directory. A file appears whole or not at all (temporary name, fsync, then its own name), and a name once
 * taken is never taken again: the last step is a link, which fails where rename would overwrite.
 */
export class DirectoryArchive implements Archive {
  constructor(private readonly root: string) {}

  async put(place: readonly string[], bytes: Uint8Array): Promise<Archived> {
    const sha256 = hashOf(bytes);
    const parts = place.map(safe);
    const path = [...parts.slice(0, -1), `${sha256.slice(0, 16)}-${parts.at(-1) ?? 'file'}`].join('/');
    const target = join(this.root, path);
    const temporary = await this.beside(target, bytes);
    try {
      await link(temporary, target);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      await this.get({ path, sha256 });
    } finally {
      await unlink(temporary);
    }
    // Also when it was there: who put it may have ended before the folder was on disk.
    await syncFolder(dirname(target));
    return { path, sha256 };
  }

  async get({ path, sha256 }: Archived): Promise<Buffer> {
    const bytes = await readIfThere(this.placeOf(path));
    if (!bytes) throw new ArchiveDamaged(`${path}: the file is gone`);
    const found = hashOf(bytes);
    if (found !== sha256) throw new ArchiveDamaged(`${path}: expected ${sha256}, found ${found}`);
    return bytes;
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
