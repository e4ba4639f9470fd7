import { isAscii } from 'node:buffer';

/** Records of fixed width: fields of so many bytes, one space between, as UnionPay's files have them. */
export interface Layout {
  /** Widths in bytes, in order. */
  widths: readonly number[];
  /** Where each field begins. */
  starts: readonly number[];
  /** Of the whole record, without its line end. */
  bytes: number;
}

export function layoutOf(widths: readonly number[]): Layout {
  const starts: number[] = [];
  let at = 0;
  for (const width of widths) {
    starts.push(at);
    at += width + 1;
  }
  return { widths, starts, bytes: at - 1 };
}

/** Why one line cannot be taken; a short sentence without values of the line. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/**
 * The fields of one record, as text.
 * @param record bytes of the file's encoding, GBK
 * @throws Unreadable when the length or a separator is wrong: then no field stands where it should
 */
export function fieldsOfRecord(record: Buffer, layout: Layout): string[] {
  const { widths, starts, bytes } = layout;
  if (record.length < bytes || !isBlank(record.subarray(bytes))) throw new Unreadable('length of the line');
  for (const start of starts.slice(1)) {
    if (record[start - 1] !== 0x20) throw new Unreadable('a field that runs into the next');
  }
  if (isAscii(record)) {
    const text = record.toString('latin1');
    return widths.map((width, i) => text.slice(starts[i], (starts[i] ?? 0) + width));
  }
  const decoder = new TextDecoder('gb18030', { fatal: true });
  try {
    return widths.map((width, i) => decoder.decode(record.subarray(starts[i], (starts[i] ?? 0) + width)));
  } catch {
    throw new Unreadable('not GBK');
  }
}

/** Blanks and tabs that somebody's tool left behind the record. */
const isBlank = (rest: Buffer): boolean => rest.every((byte) => byte === 0x20 || byte === 0x09);
