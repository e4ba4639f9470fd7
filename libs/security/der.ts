/** One DER value inside a message (X.690): enough to take keys, signatures and certificates apart, and nothing more. */
export interface Der {
  tag: number;
  /** Content without tag and length. */
  content: Buffer;
  /** Tag, length and content as they stand there. */
  whole: Buffer;
}

export const DER_INTEGER = 0x02;
export const DER_BITS = 0x03;
export const DER_OCTETS = 0x04;
export const DER_OID = 0x06;
export const DER_SEQUENCE = 0x30;

/**
 * The values that stand one after the other in `data`.
 * @throws Error when a length runs over the end, is not written in its shortest form, or is longer than 4 bytes
 */
export function derValues(data: Buffer): Der[] {
  const values: Der[] = [];
  for (let at = 0; at < data.length;) {
    const value = derAt(data, at);
    values.push(value);
    at += value.whole.length;
  }
  return values;
}

/** @throws Error when `data` is not exactly one sequence */
export function derSequence(data: Buffer): Der[] {
  const [only, ...rest] = derValues(data);
  if (only?.tag !== DER_SEQUENCE || rest.length > 0) throw new Error('not one DER sequence');
  return derValues(only.content);
}

function derAt(data: Buffer, at: number): Der {
  const first = data[at + 1];
  if (first === undefined) throw new Error('DER ends early');
  const longer = first < 0x80 ? 0 : first & 0x7f;
  if (longer > 4 || first === 0x80 || at + 2 + longer > data.length) throw new Error('a DER length that is not read');
  const size = longer === 0 ? first : data.readUIntBE(at + 2, longer);
  if (longer > 0 && (size < 0x80 || data[at + 2] === 0)) throw new Error('a DER length not in its shortest form');
  const start = at + 2 + longer;
  if (start + size > data.length) throw new Error('DER ends early');
  return { tag: data[at] ?? 0, content: data.subarray(start, start + size), whole: data.subarray(at, start + size) };
}

export function derEncode(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), derLength(content.length), content]);
}

/** A non-negative integer from its big-endian bytes. */
export function derInteger(bytes: Buffer): Buffer {
  const from = Math.max(
    0,
    Math.min(
      bytes.length - 1,
      bytes.findIndex((byte) => byte !== 0),
    ),
  );
  const short = bytes.subarray(from);
  return derEncode(DER_INTEGER, ...((short[0] ?? 0) >= 0x80 ? [Buffer.from([0])] : []), short);
}

function derLength(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size]);
  const bytes: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}
