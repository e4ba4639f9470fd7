import { rawLines } from '../../contract/lines';

/** One field of a SWIFT message with its continuation lines; `begin` and `end` are the edges of a message. */
export interface MtField {
  /** Such as `61`, `60F`, `NS`; '' for the edges. */
  tag: string;
  edge?: 'begin' | 'end';
  /** Lines after the tag, without line ends. */
  lines: Buffer[];
  /** The field as it stands in the file, line ends as LF. */
  raw: Buffer;
  fileLine: number;
  offset: number;
  /** Longer than a field can be: its lines beyond are not kept. */
  overlong: boolean;
}

/** Tags of MT940 and MT942. Any other `:nn:` at a line's start is a continuation (times are wrapped there, `:26:37`). */
const TAG = /^:(20|21|25P?|28C?|13D?|34F|60[FM]|61|62[FM]|64|65|86|90[CD]|NS):/;
/** `-}`, `-}{5:…}`, `-` alone, `-XXX` of a bank's own: the text block ends. */
const END = /^-(?:\}.*|[A-Z]{0,3})?\s*$/;
/** Blocks 1 to 3 and the beginning of block 4; all on one line, or one per line. */
const BLOCKS = /^(?:\{[1-35]:(?:[^{}]|\{[^{}]*\})*\}\s*)*(?:\{4:)?\s*$/;

const LONGEST_FIELD = 64 * 1024;

/** Splits a file of messages into fields, in memory of one field. Bytes stay bytes: charsets are the reader's matter. */
export async function* mtFields(source: AsyncIterable<Uint8Array>): AsyncGenerator<MtField> {
  let open: MtField | null = null;
  for await (const { line, fileLine, offset } of rawLines(source)) {
    const clean = fileLine === 1 ? unmarked(line) : line;
    const text = clean.toString('latin1', 0, 128);
    const edge = edgeOf(text, clean.length);
    const inline = edge === null && text.startsWith('{') ? (/^.*?\{4:(?=:\d)/.exec(text)?.[0] ?? '') : '';
    const tagged = TAG.exec(text.slice(inline.length).trimStart());
    if (edge !== null || inline !== '') {
      if (open) yield open;
      open = null;
      yield edgeField(edge ?? 'begin', clean, fileLine, offset);
    }
    if (edge !== null) continue;
    if (tagged) {
      if (open) yield open;
      open = fieldOf(
        tagged[1] ?? '',
        clean.subarray(clean.indexOf(tagged[0], 0, 'latin1')),
        tagged[0].length,
        fileLine,
        offset,
      );
    } else if (open) proceed(open, clean);
  }
  if (open) yield open;
}

function edgeOf(text: string, length: number): 'begin' | 'end' | null {
  if (length === 0) return null;
  if (text.startsWith('-')) return END.test(text) ? 'end' : null;
  return text.startsWith('{') && BLOCKS.test(text) ? 'begin' : null;
}

function fieldOf(tag: string, line: Buffer, tagLength: number, fileLine: number, offset: number): MtField {
  const kept = Buffer.from(line.subarray(0, LONGEST_FIELD));
  const overlong = line.length > LONGEST_FIELD;
  return { tag, lines: [kept.subarray(tagLength)], raw: kept, fileLine, offset, overlong };
}

function edgeField(edge: 'begin' | 'end', line: Buffer, fileLine: number, offset: number): MtField {
  return { tag: '', edge, lines: [], raw: Buffer.from(line.subarray(0, 256)), fileLine, offset, overlong: false };
}

function proceed(field: MtField, line: Buffer): void {
  if (field.raw.length + line.length > LONGEST_FIELD) return void (field.overlong = true);
  field.lines.push(Buffer.from(line));
  field.raw = Buffer.concat([field.raw, Buffer.from('\n'), line]);
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

function unmarked(line: Buffer): Buffer {
  return line.subarray(0, 3).equals(BOM) ? line.subarray(3) : line;
}
