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
  const chunks = walk(source);
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const whole = joined(head, chunks);
  yield* isGzip(head) ? unzipped(whole) : whole;
}

async function* walk(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of source) yield chunk;
}

async function* joined(head: Buffer, chunks: AsyncGenerator<Uint8Array, void>): AsyncGenerator<Uint8Array> {
  yield head;
  yield* chunks;
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
