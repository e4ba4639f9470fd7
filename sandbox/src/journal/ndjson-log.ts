import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * What a part of the outside world remembers: one JSON event a line, only ever appended, read again at start.
 * Each append is one write to the operating system, so killing the process loses nothing that was answered.
 */
export class NdjsonLog<E> {
  private readonly file: number;

  constructor(private readonly path: string) {
    mkdirSync(dirname(path), { recursive: true });
    if (existsSync(path)) dropTornLine(path);
    this.file = openSync(path, 'a');
  }

  replay(apply: (event: E) => void): void {
    for (const line of readFileSync(this.path, 'utf8').split('\n')) {
      if (line !== '') apply(JSON.parse(line) as E);
    }
  }

  append(event: E): void {
    appendFileSync(this.file, `${JSON.stringify(event)}\n`);
  }

  close(): void {
    closeSync(this.file);
  }
}

/** A line without its end was being written when the process died: nobody was told of it, so it never happened. */
function dropTornLine(path: string): void {
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) truncateSync(path, end);
}
