import { spawnSync } from 'node:child_process';
import { randomBytes, createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StatementParts } from './statement-parts';

const content = randomBytes(2_500);
async function* pieces(): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += 700) yield await Promise.resolve(content.subarray(at, at + 700));
}
const sha256 = createHash('sha256').update(content).digest('hex');
const bytesOf = (reply: { state: string; contentBase64?: string }) => Buffer.from(reply.contentBase64 ?? '', 'base64');

describe('statements handed over in parts', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'yd-parts-'))));
  afterEach(() => rm(folder, { recursive: true }));

  const left = () => readdir(folder);
  const longAgo = async (name: string) => {
    const at = new Date(Date.now() - 2 * 3_600_000);
    await utimes(join(folder, name), at, at);
  };

  test('what fits one message is one answer, and nothing of it stays', async () => {
    const reply = await new StatementParts(folder, 2_500).first('day.txt', pieces());
    expect(reply).toEqual({ state: 'ready', fileName: 'day.txt', sha256, contentBase64: content.toString('base64') });
    expect(await left()).toEqual([]);
  });

  test('what is larger comes part by part, each under the hash of the whole; a part may be asked for twice', async () => {
    const parts = new StatementParts(folder, 1_000);
    const first = await parts.first('day.txt', pieces());
    expect(first).toMatchObject({ sha256, bytes: 2_500 });
    const second = await parts.more('day.txt', sha256, 1_000);
    expect(await parts.more('day.txt', sha256, 1_000)).toEqual(second);
    const third = await parts.more('day.txt', sha256, 2_000);
    expect(third).toMatchObject({ state: 'ready', sha256, bytes: 2_500 });
    expect(Buffer.concat([first, second, third].map(bytesOf)).equals(content)).toBe(true);
  });

  test('another process of the gateway, or the same after a restart, has the rest of it', async () => {
    const first = await new StatementParts(folder, 1_000).first('day.txt', pieces());
    const second = await new StatementParts(folder, 1_000).more('day.txt', sha256, 1_000);
    const third = await new StatementParts(folder, 1_000).more('day.txt', sha256, 2_000);
    expect(Buffer.concat([first, second, third].map(bytesOf)).equals(content)).toBe(true);
  });

  test('fetched by two processes at once it is one copy, and each has all of it', async () => {
    const both = [new StatementParts(folder, 1_000), new StatementParts(folder, 1_000)];
    const [one, two] = await Promise.all(both.map((parts) => parts.first('day.txt', pieces())));
    expect(one).toEqual(two);
    expect(await left()).toEqual([sha256]);
  });

  test('what a process that was killed left half-written goes, and no copy that is still asked for', async () => {
    const script = `const { writeFileSync } = require('node:fs');
      writeFileSync(process.argv[1], 'half');
      process.kill(process.pid, 'SIGKILL');`;
    const killed = spawnSync(process.execPath, ['-e', script, join(folder, 'of-the-killed.part')]);
    expect(killed.signal).toBe('SIGKILL');
    await writeFile(join(folder, 'forgotten'), 'whole');
    const parts = new StatementParts(folder, 1_000);
    await parts.first('day.txt', pieces());
    expect((await left()).sort()).toEqual([sha256, 'forgotten', 'of-the-killed.part'].sort());
    for (const name of await left()) await longAgo(name);
    await parts.more('day.txt', sha256, 1_000);
    await new StatementParts(folder, 2_500).first('other.txt', pieces());
    expect(await left()).toEqual([sha256]);
  });

  test('what is not there, and what lies behind the end, is not ready', async () => {
    const parts = new StatementParts(folder, 1_000);
    expect(await parts.more('day.txt', 'f'.repeat(64), 1_000)).toEqual({ state: 'not_ready' });
    await parts.first('day.txt', pieces());
    expect(await parts.more('day.txt', sha256, 2_500)).toEqual({ state: 'not_ready' });
    await rm(join(folder, sha256));
    expect(await parts.more('day.txt', sha256, 1_000)).toEqual({ state: 'not_ready' });
    expect(await parts.first('day.txt', pieces())).toMatchObject({ sha256, bytes: 2_500 });
  });

  test('a file that turns out not to be whole is none, and nothing of it stays', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield* pieces();
      throw new Error('the hash does not fit');
    }
    const parts = new StatementParts(folder, 1_000);
    await expect(parts.first('day.txt', broken())).rejects.toThrow('the hash does not fit');
    expect(await left()).toEqual([]);
  });

  test('memory stays flat however long the file is', async () => {
    const block = randomBytes(1_000_000);
    const parts = new StatementParts(folder, 1_000);
    let most = 0;
    const before = process.memoryUsage().arrayBuffers;
    async function* long(): AsyncGenerator<Buffer> {
      for (let i = 0; i < 300; i++) {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
        yield await Promise.resolve(Buffer.from(block));
      }
    }
    expect(await parts.first('day.txt', long())).toMatchObject({ state: 'ready', bytes: 300_000_000 });
    expect(most).toBeLessThan(150_000_000); // when they are collected is the engine's affair; all would be 300
  });
});
