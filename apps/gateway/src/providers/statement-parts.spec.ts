import { randomBytes, createHash } from 'node:crypto';
import { StatementParts } from './statement-parts';

const content = randomBytes(2_500);
const sha256 = createHash('sha256').update(content).digest('hex');
const bytesOf = (reply: { state: string; contentBase64?: string }) => Buffer.from(reply.contentBase64 ?? '', 'base64');

describe('statements handed over in parts', () => {
  test('what fits one message is one answer', async () => {
    const reply = await new StatementParts(2_500).first('day.txt', content);
    expect(reply).toEqual({ state: 'ready', fileName: 'day.txt', sha256, contentBase64: content.toString('base64') });
  });

  test('what is larger comes part by part, each under the hash of the whole; a part may be asked for twice', async () => {
    const parts = new StatementParts(1_000);
    const first = await parts.first('day.txt', content);
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
    await parts.first('day.txt', content);
    expect(await parts.more('day.txt', sha256, 2_500)).toEqual({ state: 'not_ready' });
  });
});
