import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { StatementFile } from './connector';
import { Patience } from './patience';
import { whole } from './played-file';

const MS = 60;
const ready = (content: AsyncIterable<Uint8Array>): StatementFile => ({ state: 'ready', fileName: 'f', content });
const ended = (signal: AbortSignal) => once(signal, 'abort');

describe('patience with a long file', () => {
  test('a file that keeps coming may take its time, and whoever takes it may be slow', async () => {
    const patience = new Patience(MS);
    async function* slow(): AsyncGenerator<Buffer> {
      for (const letter of 'abcd') yield await Promise.resolve(Buffer.from(letter));
    }
    const file = await patience.watch(() => Promise.resolve(ready(slow())));
    let text = '';
    if (file.state !== 'ready') throw new Error(file.state);
    for await (const chunk of file.content) {
      text += Buffer.from(chunk).toString();
      await wait(MS);
    }
    expect([text, patience.signal.aborted]).toEqual(['abcd', false]);
  });

  test('one that has stopped coming is given up', async () => {
    const patience = new Patience(MS);
    async function* stopped(): AsyncGenerator<Buffer> {
      yield Buffer.from('a');
      await ended(patience.signal);
      throw patience.signal.reason;
    }
    await expect(whole(patience.watch(() => Promise.resolve(ready(stopped()))))).rejects.toThrow('nothing came for');
  });

  test('an answer that does not come is given up; one that nobody reads, too', async () => {
    const silent = new Patience(MS);
    const never = silent.watch(async () => {
      await ended(silent.signal);
      throw silent.signal.reason;
    });
    await expect(never).rejects.toThrow('nothing came for');
    const unread = new Patience(MS);
    async function* unasked(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(Buffer.from('a'));
    }
    const given = ended(unread.signal);
    await unread.watch(() => Promise.resolve(ready(unasked())));
    await given;
    expect(unread.signal.aborted).toBe(true);
  });

  test('once it is answered that there is none, or asking has failed, nobody waits', async () => {
    const [none, failed] = [new Patience(MS), new Patience(MS)];
    expect(await none.watch(() => Promise.resolve({ state: 'not_ready' }))).toEqual({ state: 'not_ready' });
    await expect(failed.watch(() => Promise.reject(new Error('HTTP 503')))).rejects.toThrow('HTTP 503');
    await wait(MS * 2);
    expect([none.signal.aborted, failed.signal.aborted]).toEqual([false, false]);
  });
});
