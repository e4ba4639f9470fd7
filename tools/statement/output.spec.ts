import { Writable } from 'node:stream';
import { Output } from './output';

const LARGE = 'x'.repeat(70_000);

test('waits for its reader thousands of times and leaves no listener behind', async () => {
  let read = 0;
  const slow = new Writable({
    highWaterMark: 1,
    write: (chunk: Buffer, _encoding, done) => {
      read += chunk.length;
      setImmediate(done);
    },
  });
  const before = ['drain', 'close', 'error'].map((event) => slow.listenerCount(event));
  const output = new Output(slow);
  for (let n = 0; n < 2_000; n++) await output.write(LARGE);
  await output.flush();
  expect(read).toBe(2_000 * LARGE.length);
  const after = ['drain', 'close', 'error'].map((event) => slow.listenerCount(event));
  expect(after).toEqual([before[0], before[1], (before[2] ?? 0) + 1]); // its own: a reader that goes is no fault
});

test('a reader that goes ends the wait, and what comes after is written to nobody', async () => {
  let written = 0;
  const gone = new Writable({
    highWaterMark: 1,
    write: (_chunk, _encoding, done) => {
      written++;
      setImmediate(() => done(Object.assign(new Error('the pipe is closed'), { code: 'EPIPE' })));
    },
  });
  const output = new Output(gone);
  await output.write(LARGE);
  await output.write(LARGE);
  expect(written).toBe(1);
});
