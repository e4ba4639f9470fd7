import { Readable } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';

export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

/** First bytes of what a compressed beginning holds; the beginning itself when it is not compressed. */
export function plainHead(head: Buffer): Buffer {
  if (!isGzip(head)) return head;
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}

/** The bytes of a file, unpacked on the way where they are compressed. */
export async function* unpacked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  let ended = false;
  while (head.length < 2 && !ended) {
    const { done, value } = await chunks.next();
    if (done) ended = true;
    else head = Buffer.concat([head, value]);
  }
  const all = rest(head, ended ? null : chunks);
  if (!isGzip(head)) return yield* all;
  yield* unzipped(all);
}

async function* rest(head: Buffer, chunks: AsyncIterator<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  try {
    yield head;
    for (let next = await chunks?.next(); next && !next.done; next = await chunks?.next()) yield next.value;
  } finally {
    await chunks?.return?.();
  }
}

async function* unzipped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const compressed = Readable.from(source);
  const plain = createGunzip();
  compressed.on('error', (error) => plain.destroy(error));
  try {
    for await (const chunk of compressed.pipe(plain)) yield chunk as Buffer;
  } finally {
    compressed.destroy();
  }
}
