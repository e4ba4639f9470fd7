import { rawLines, type RawLine } from '../contract/lines';

/** One record of a CSV file: its cells, and the line it begins on. `fault` is set when it cannot be read. */
export interface CsvRecord {
  fileLine: number;
  offset: number;
  raw: Buffer;
  /** Of the file up to the record's end. */
  end: number;
  cells: readonly string[];
  fault: string | null;
}

/** A quote that is never closed must not swallow the file. */
const MOST_LINES = 200;
const MOST_BYTES = 262_144;
const QUOTE = 0x22;

/**
 * Records of a CSV file (RFC 4180) in flat memory: cells in quotes may hold commas, doubled quotes and line ends. All have
 * as many cells as the first, so a quote too many costs only its own line: the lines after it are read for themselves.
 */
export async function* csvRecords(source: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  let open: RawLine[] = [];
  let width = 0;
  for await (const line of rawLines(source)) {
    open.push(line);
    for (let taken = take(open, width); taken; taken = take(open, width)) {
      open = taken.rest;
      width ||= taken.record.cells.length;
      yield taken.record;
    }
  }
  while (open.length > 0) {
    const taken = take(open, width) ?? { record: unclosed(open), rest: open.slice(1) };
    open = taken.rest;
    yield taken.record;
  }
}

/** The record that `lines` begin with; null while a quote is open and may still be closed. */
function take(lines: readonly RawLine[], width: number): { record: CsvRecord; rest: RawLine[] } | null {
  let quotes = 0;
  let bytes = 0;
  for (const [index, { line }] of lines.entries()) {
    quotes += quotesIn(line);
    bytes += line.length;
    if (quotes % 2 === 0) {
      const whole = record(lines.slice(0, index + 1), null);
      if (index === 0 || width === 0 || whole.cells.length === width)
        return { record: whole, rest: lines.slice(index + 1) };
      return { record: unclosed(lines), rest: lines.slice(1) };
    }
    if (index + 1 >= MOST_LINES || bytes > MOST_BYTES) return { record: unclosed(lines), rest: lines.slice(1) };
  }
  return null;
}

const unclosed = (lines: readonly RawLine[]): CsvRecord => record(lines.slice(0, 1), 'a quote is not closed');

function record(lines: readonly RawLine[], fault: string | null): CsvRecord {
  const [first] = lines;
  const raw = lines.length === 1 && first ? first.line : Buffer.concat(joined(lines));
  const at = { fileLine: first?.fileLine ?? 0, offset: first?.offset ?? 0 };
  const last = lines.at(-1);
  const end = (last?.offset ?? 0) + (last?.line.length ?? 0);
  if (fault !== null) return { ...at, raw, end, cells: [], fault };
  const text = decoded(raw);
  return text === null
    ? { ...at, raw, end, cells: [], fault: 'not UTF-8' }
    : { ...at, raw, end, cells: cellsOf(text), fault: null };
}

const joined = (lines: readonly RawLine[]): Buffer[] =>
  lines.flatMap(({ line }, index) => (index === 0 ? [line] : [Buffer.from('\n'), line]));

function decoded(raw: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(raw); // drops the byte order mark
  } catch {
    return null;
  }
}

const CELL = /(?:"((?:[^"]|"")*)"[ \t]*|([^,]*))(,|$)/gy;

/** A quote inside a cell that does not begin with one is a letter like any other. */
export function cellsOf(text: string): string[] {
  const cells: string[] = [];
  CELL.lastIndex = 0;
  for (;;) {
    const match = CELL.exec(text);
    if (!match) return cells;
    const [, inQuotes, plain = '', end] = match;
    cells.push((inQuotes === undefined ? plain : inQuotes.replaceAll('""', '"')).trim());
    if (end === '') return cells;
  }
}

function quotesIn(line: Buffer): number {
  let count = 0;
  for (let at = line.indexOf(QUOTE); at !== -1; at = line.indexOf(QUOTE, at + 1)) count++;
  return count;
}
