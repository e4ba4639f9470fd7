/** An answer inside a piece of memory that will be used again: read it at once or lose it. */
export interface Answer {
  status: number;
  bytes: Buffer;
  bodyStart: number;
  bodyEnd: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = /\r\ncontent-length: *(\d+)\r\n/i;
const ZERO = 48;

/** The first whole answer of `bytes`, or undefined while some of it is missing. */
export function readAnswer(bytes: Buffer): Answer | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const length = contentLength(bytes, headEnd);
  const bodyStart = headEnd + HEAD_END.length;
  const bodyEnd = bodyStart + length;
  if (bytes.length < bodyEnd) return undefined;
  return { status: Number(bytes.toString('latin1', 9, 12)), bytes, bodyStart, bodyEnd };
}

/** How this server spells the header; learned from its first answer, because a search is cheaper than reading a head. */
let spelling = Buffer.from('content-length: ');

function contentLength(bytes: Buffer, headEnd: number): number {
  let at = bytes.indexOf(spelling);
  if (at < 0 || at > headEnd) {
    const found = LENGTH.exec(bytes.toString('latin1', 0, headEnd + 2));
    if (!found) throw new Error(`an answer without a length: ${bytes.toString('latin1', 0, headEnd)}`);
    spelling = Buffer.from(bytes.subarray(found.index + 2, found.index + 2 + 'content-length: '.length));
    at = found.index + 2;
  }
  let length = 0;
  for (let i = at + spelling.length; ; i++) {
    const digit = (bytes[i] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return length;
    length = length * 10 + digit;
  }
}

const COMPLETED = Buffer.from('"state":"completed"');
const FINAL = Buffer.from('"final":true');
const NUMBER = Buffer.from('"number":"');
const NUMBER_LENGTH = 20;

/** The payment's number when the payer may be told that it is done, else undefined: searched, not parsed. */
export function completedNumber({ bytes, bodyStart }: Answer): string | undefined {
  if (bytes.indexOf(COMPLETED, bodyStart) < 0 || bytes.indexOf(FINAL, bodyStart) < 0) return undefined;
  const at = bytes.indexOf(NUMBER, bodyStart) + NUMBER.length;
  return bytes.toString('latin1', at, at + NUMBER_LENGTH);
}

export const bodyText = ({ bytes, bodyStart, bodyEnd }: Answer): string => bytes.toString('utf8', bodyStart, bodyEnd);
