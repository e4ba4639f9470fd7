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
