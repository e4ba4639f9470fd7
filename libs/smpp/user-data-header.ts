/** Which part of how long a message; `reference` tells messages of one sender apart. */
export interface Concat {
  reference: number;
  total: number;
  part: number;
}

/** GSM 03.40 §9.2.3.24: 00 = concatenated with an 8-bit reference, 08 = with a 16-bit one. Other elements mean nothing here. */
const ELEMENT = { concat8: 0x00, concat16: 0x08 } as const;

/** Null for octets that begin with no whole header. */
export function readHeader(octets: Buffer): { concat: Concat | null; text: Buffer } | null {
  const length = octets[0];
  if (length === undefined || length + 1 > octets.length) return null;
  let concat: Concat | null = null;
  for (let at = 1; at < length + 1;) {
    const [id, size] = [octets[at], octets[at + 1]];
    if (id === undefined || size === undefined || at + 2 + size > length + 1) return null;
    const value = octets.subarray(at + 2, at + 2 + size);
    if (id === ELEMENT.concat8 && size === 3) concat = checked(value.readUInt8(0), value.readUInt16BE(1));
    if (id === ELEMENT.concat16 && size === 4) concat = checked(value.readUInt16BE(0), value.readUInt16BE(2));
    at += 2 + size;
  }
  return { concat, text: octets.subarray(length + 1) };
}

/** The specification: an element with part 0, or beyond the total, is to be ignored. */
function checked(reference: number, totalAndPart: number): Concat | null {
  return concatOf(reference, totalAndPart >> 8, totalAndPart & 0xff);
}

export function concatOf(reference: number, total: number, part: number): Concat | null {
  return total > 0 && part > 0 && part <= total ? { reference, total, part } : null;
}

export function writeHeader({ reference, total, part }: Concat, bits: 8 | 16): Buffer {
  return bits === 8
    ? Buffer.from([5, ELEMENT.concat8, 3, reference & 0xff, total, part])
    : Buffer.from([6, ELEMENT.concat16, 4, (reference >> 8) & 0xff, reference & 0xff, total, part]);
}
