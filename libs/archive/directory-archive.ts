import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ArchiveDamaged, type Archive, type Archived } from './archive';

/**
 * An archive in a directory. A file appears whole or not at all (temporary name, fsync, then its own name), and a name once
 * taken is never taken again: the last step is a link, which fails where rename would overwrite.
 */
export class DirectoryArchive implements Archive {
  constructor(private readonly root: string) {}

  async put(place: readonly string[], bytes: Uint8Array): Promise<Archived> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const parts = place.map(safe);
    const path = [...parts.slice(0, -1), `${sha256.slice(0, 16)}-${parts.at(-1) ?? 'file'}`].join('/');
    const target = join(this.root, path);
    await mkdir(dirname(target), { recursive: true });
    const temporary = join(dirname(target), `.${randomUUID()}.tmp`);
    await writeDurably(temporary, bytes);
    try {
      await link(temporary, target);
      await syncFolder(dirname(target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      await this.get({ path, sha256 });
    } finally {
      await unlink(temporary);
    }
    return { path, sha256 };
  }

  async get({ path, sha256 }: Archived): Promise<Buffer> {
    if (path.split('/').some((part) => part !== safe(part))) throw new ArchiveDamaged(`no archive path: ${path}`);
    const bytes = await readFile(join(this.root, path));
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found !== sha256) throw new ArchiveDamaged(`${path}: expected ${sha256}, found ${found}`);
    return bytes;
  }
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
