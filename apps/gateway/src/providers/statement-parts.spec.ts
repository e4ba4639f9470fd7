import { randomBytes, createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
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
  test('what fits one message is one answer', async () => {
    const reply = await new StatementParts(2_500).first('day.txt', pieces());
    expect(reply).toEqual({ state: 'ready', fileName: 'day.txt', sha256, contentBase64: content.toString('base64') });
  });

  test('what is larger comes part by part, each under the hash of the whole; a part may be asked for twice', async () => {
    const parts = new StatementParts(1_000);
    const first = await parts.first('day.txt', pieces());
    expect(first).toMatchObject({ sha256, bytes: 2_500 });
    const second = await parts.more('day.txt', sha256, 1_000);
    expect(await parts.more('day.txt', sha256, 1_000)).toEqual(second);
    const third = await parts.more('day.txt', sha256, 2_000);
    expect(third).toMatchObject({ state: 'ready', sha256, bytes: 2_500 });
    expect(Buffer.concat([first, second, third].map(bytesOf)).equals(content)).toBe(true);
  });

  test('what is not there, and what lies behind the end, is not ready', async () => {
    const parts = new StatementParts(1_000);
    expect(await parts.more('day.txt', 'f'.repeat(64), 1_000)).toEqual({ state: 'not_ready' });
    await parts.first('day.txt', pieces());
    expect(await parts.more('day.txt', sha256, 2_500)).toEqual({ state: 'not_ready' });
  });

  test('a file that turns out not to be whole is none, and nothing of it stays', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield* pieces();
      throw new Error('the hash does not fit');
    }
    const folder = join(tmpdir(), `yidian-statements-${process.pid}`);
    const before = await readdir(folder);
    await expect(new StatementParts(1_000).first('day.txt', broken())).rejects.toThrow('the hash does not fit');
    expect(await readdir(folder)).toEqual(before);
  });

  test('memory stays flat however long the file is', async () => {
    const block = randomBytes(1_000_000);
    const parts = new StatementParts(1_000);
    let most = 0;
    const before = process.memoryUsage().arrayBuffers;
    async function* long(): AsyncGenerator<Buffer> {
      for (let i = 0; i < 300; i++) {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
        yield await Promise.resolve(Buffer.from(block));
      }
    }
    const first = await parts.first('day.txt', long());
    expect(first).toMatchObject({ state: 'ready', bytes: 300_000_000 });
    expect(most).toBeLessThan(150_000_000); // when they are collected is the engine's affair; all would be 300
    if (first.state === 'ready') await rm(join(tmpdir(), `yidian-statements-${process.pid}`, first.sha256));
  });
});
