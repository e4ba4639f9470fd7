/** One line of a file as it stands there, without its end. */
export interface RawLine {
  line: Buffer;
  /** From 1. */
  fileLine: number;
  /** Of the line's first byte. */
  offset: number;
}

/** A file without line ends must not fill the memory: what is longer is cut here and found too long by its reader. */
export const LONGEST_LINE = 1_048_576;

/** Splits on LF over bytes, in flat memory; CR before it is dropped. In GBK and UTF-8 alike LF is never part of a letter. */
export async function* rawLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<RawLine> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  let fileLine = 0;
  for await (const chunk of source) {
    const data =
      rest.length > 0 ? Buffer.concat([rest, chunk]) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let from = 0;
    for (let end = data.indexOf(10, from); end !== -1; end = data.indexOf(10, from)) {
      yield {
        line: data.subarray(from, data[end - 1] === 13 && end > from ? end - 1 : end),
        fileLine: ++fileLine,
        offset,
      };
      offset += end + 1 - from;
      from = end + 1;
    }
    rest = data.subarray(from);
    if (rest.length > LONGEST_LINE) {
      yield { line: rest, fileLine: ++fileLine, offset };
      offset += rest.length;
      rest = Buffer.alloc(0);
    }
  }
  if (rest.length > 0) yield { line: rest, fileLine: ++fileLine, offset };
}
