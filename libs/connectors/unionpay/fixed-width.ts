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
 * The fields of one record by their place, without the blanks around them.
 * @param record bytes of the file's encoding, GBK
 * @throws Unreadable when the length or a separator is wrong: then no field stands where it should
 */
export function fieldsOfRecord(record: Buffer, layout: Layout): (place: number) => string {
  const { widths, starts, bytes } = layout;
  if (record.length < bytes || !isBlank(record.subarray(bytes))) throw new Unreadable('length of the line');
  for (let i = 1; i < starts.length; i++) {
    if (record[(starts[i] ?? 0) - 1] !== 0x20) throw new Unreadable('a field that runs into the next');
  }
  const start = (place: number): number => starts[place] ?? 0;
  const end = (place: number): number => start(place) + (widths[place] ?? 0);
  if (isAscii(record)) {
    const text = record.toString('latin1');
    return (place) => text.slice(start(place), end(place)).trim();
  }
  const fields = decoded(widths.map((_, place) => record.subarray(start(place), end(place))));
  return (place) => fields[place] ?? '';
}

function decoded(fields: readonly Buffer[]): string[] {
  const decoder = new TextDecoder('gb18030', { fatal: true });
  try {
    return fields.map((field) => decoder.decode(field).trim());
  } catch {
    throw new Unreadable('not GBK');
  }
}

/** Blanks and tabs that somebody's tool left behind the record. */
const isBlank = (rest: Buffer): boolean => rest.every((byte) => byte === 0x20 || byte === 0x09);
