import { createReadStream, existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { UsageError } from './usage-error';

export interface Source {
  fileName: string;
  /** 0: not known. */
  size: number;
  bytes: AsyncIterable<Uint8Array>;
}

export function openFile(path: string, stdin: NodeJS.ReadableStream): Source {
  if (path === '-') return { fileName: '-', size: 0, bytes: stdin as AsyncIterable<Uint8Array> };
  if (!existsSync(path) || !statSync(path).isFile()) throw new UsageError(`${path} is no file.`);
  return {
    fileName: basename(path),
    size: statSync(path).size,
    bytes: createReadStream(path, { highWaterMark: 256 * 1024 }),
  };
}

/** As much of the beginning as formats need to be told apart. */
const HEAD_BYTES = 64 * 1024;

/** The first bytes, and a stream that begins with them again. */
export async function withHead(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ head: Buffer; bytes: AsyncIterable<Uint8Array> }> {
  const chunks = bytes[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let length = 0;
  while (length < HEAD_BYTES) {
    const next = await chunks.next();
    if (next.done) break;
    first.push(Buffer.from(next.value));
    length += next.value.length;
  }
  const head = Buffer.concat(first);
  return { head, bytes: followed(head, chunks) };
}

async function* followed(head: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
