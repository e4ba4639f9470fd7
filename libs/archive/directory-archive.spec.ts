import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArchiveDamaged } from './archive';
import { DirectoryArchive } from './directory-archive';

describe('archive in a directory', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'yd-archive-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  test('gives back what was put, and the same bytes are the same file', async () => {
    const archive = new DirectoryArchive(root);
    const first = await archive.put(['bank_a', '2026-11-22', 'day.txt'], Buffer.from('one'));
    const again = await archive.put(['bank_a', '2026-11-22', 'day.txt'], Buffer.from('one'));
    expect(again).toEqual(first);
    expect((await archive.get(first)).toString()).toBe('one');
    expect(readdirSync(join(root, 'bank_a/2026-11-22'))).toHaveLength(1);
  });

  test('other bytes under the same name are another file; nothing is overwritten', async () => {
    const archive = new DirectoryArchive(root);
    const first = await archive.put(['bank_a', 'day.txt'], Buffer.from('one'));
    const second = await archive.put(['bank_a', 'day.txt'], Buffer.from('two'));
    expect(second.path).not.toBe(first.path);
    expect((await archive.get(first)).toString()).toBe('one');
  });

  test('changed bytes are noticed', async () => {
    const archive = new DirectoryArchive(root);
    const kept = await archive.put(['bank_a', 'day.txt'], Buffer.from('one'));
    writeFileSync(join(root, kept.path), 'six');
    await expect(archive.get(kept)).rejects.toThrow(ArchiveDamaged);
    await expect(archive.put(['bank_a', 'day.txt'], Buffer.from('one'))).rejects.toThrow(ArchiveDamaged);
  });

  test('a stream is the same file as its bytes at once, and comes back as a stream', async () => {
    const archive = new DirectoryArchive(root);
    async function* chunks() {
      for (let n = 0; n < 40; n++) yield await Promise.resolve(Buffer.alloc(50_000, n));
    }
    const kept = await archive.putStream(['bank_a', '..', 'day.txt'], chunks());
    expect(kept.bytes).toBe(2_000_000);
    const read: Buffer[] = [];
    for await (const chunk of archive.stream(kept)) read.push(chunk);
    expect(read.length).toBeGreaterThan(5);
    const { bytes: _, ...archived } = kept;
    expect(await archive.put(['bank_a', '..', 'day.txt'], Buffer.concat(read))).toEqual(archived);
    expect(await archive.putStream(['bank_a', '..', 'day.txt'], chunks())).toEqual(kept);
    expect(readdirSync(join(root, 'bank_a/_'))).toHaveLength(1);
  });

  test('a stream that breaks off leaves nothing; changed or lost bytes are noticed at their end', async () => {
    const archive = new DirectoryArchive(root);
    async function* cut() {
      yield await Promise.resolve(Buffer.from('half'));
      throw new Error('the line was cut');
    }
    await expect(archive.putStream(['bank_a', 'day.txt'], cut())).rejects.toThrow('the line was cut');
    expect(readdirSync(join(root, 'bank_a'))).toEqual([]);
    const kept = await archive.put(['bank_a', 'day.txt'], Buffer.from('one'));
    const all = async () => {
      for await (const chunk of archive.stream(kept)) void chunk;
    };
    await all();
    writeFileSync(join(root, kept.path), 'six');
    await expect(all()).rejects.toThrow(ArchiveDamaged);
    unlinkSync(join(root, kept.path));
    await expect(all()).rejects.toThrow(ArchiveDamaged);
  });

  test('a lost file is put back by the same bytes only', async () => {
    const archive = new DirectoryArchive(root);
    const kept = await archive.put(['books', 'a', '1-2.tsv'], Buffer.from('one'));
    unlinkSync(join(root, kept.path));
    await expect(archive.get(kept)).rejects.toThrow(ArchiveDamaged);
    await expect(archive.restore(kept, Buffer.from('two'))).rejects.toThrow(ArchiveDamaged);
    expect(readdirSync(join(root, 'books/a'))).toEqual([]);
    await archive.restore(kept, Buffer.from('one'));
    expect((await archive.get(kept)).toString()).toBe('one');
  });

  test('a damaged file gives way and is kept beside; a whole one is left alone, whoever restores it at once', async () => {
    const archive = new DirectoryArchive(root);
    const kept = await archive.put(['books', '1-2.tsv'], Buffer.from('one'));
    writeFileSync(join(root, kept.path), 'six');
    await Promise.all([1, 2, 3].map(() => archive.restore(kept, Buffer.from('one'))));
    expect((await archive.get(kept)).toString()).toBe('one');
    const aside = readdirSync(join(root, 'books')).filter((name) => name.includes('.damaged-'));
    expect(aside.map((name) => readFileSync(join(root, 'books', name)).toString())).toContain('six');
    await archive.restore(kept, Buffer.from('one'));
    expect(readdirSync(join(root, 'books'))).toHaveLength(1 + aside.length);
  });

  test('a finished file goes in under its hash and can be read from its place; the same again is the same file', async () => {
    const archive = new DirectoryArchive(root);
    const file = join(root, 'made-elsewhere');
    writeFileSync(file, 'one');
    const sha256 = createHash('sha256').update('one').digest('hex');
    const kept = await archive.putFile(['matched', 'a', 'part-1'], file, sha256);
    expect(await archive.putFile(['matched', 'a', 'part-1'], file, sha256)).toEqual(kept);
    unlinkSync(file);
    expect((await archive.get(kept)).toString()).toBe('one');
    expect(readFileSync(await archive.local(kept)).toString()).toBe('one');
    expect(readdirSync(join(root, 'matched/a'))).toHaveLength(1);
    unlinkSync(join(root, kept.path));
    await expect(archive.local(kept)).rejects.toThrow(ArchiveDamaged);
  });

  test('a name cannot leave the archive', async () => {
    const archive = new DirectoryArchive(root);
    const kept = await archive.put(['..', '../../etc', '..\\x/passwd'], Buffer.from('one'));
    expect(kept.path.split('/').every((part) => /^[A-Za-z0-9_-]/.test(part))).toBe(true);
    await expect(archive.get({ ...kept, path: '../x' })).rejects.toThrow(ArchiveDamaged);
  });
});
