import { isUtf8 } from 'node:buffer';

/**
 * A frame between two services: its length, what it is, whose call it belongs to, one JSON text.
 *
 *     u32 length of all that follows | u8 kind | u32 call | asked only: u8 length of the pattern, the pattern | text
 *
 * Numbers are big endian. One buffer per frame and one text per buffer: nothing is decoded by the chunk, and a reader never
 * hands out half a frame. What does not fit this form ends the connection: after a wrong length nothing on it can be trusted.
 */
export const KIND = { asked: 1, answered: 2, refused: 3, packedAsked: 4, packedAnswered: 5 } as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

export interface Frame {
  kind: Kind;
  /** Given by the caller; the answer carries it back. */
  call: number;
  /** Of what is asked; empty in an answer. */
  pattern: string;
  text: string;
}

/** The bytes are no frame of this form. */
export class BadFrame extends Error {
  override readonly name = 'BadFrame';
}

const LENGTH_BYTES = 4;
const HEAD_BYTES = 5;
/** As much as Nest's own transport lets through. */
export const MAX_FRAME_BYTES = 128 * 1024 * 1024;

const hasPattern = (kind: number): boolean => kind === KIND.asked || kind === KIND.packedAsked;

/** @throws BadFrame when it is larger than a reader takes: it was surely not sent */
export function frameBytes(kind: Kind, call: number, pattern: string, text: string): Buffer {
  const patternBytes = hasPattern(kind) ? 1 + pattern.length : 0;
  const length = HEAD_BYTES + patternBytes + Buffer.byteLength(text);
  if (length > MAX_FRAME_BYTES) throw new BadFrame(`a frame of ${length} bytes is too long`);
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES + length);
  bytes.writeUInt32BE(length, 0);
  bytes[4] = kind;
  bytes.writeUInt32BE(call, 5);
  if (patternBytes > 0) {
    if (pattern.length > 255) throw new BadFrame('a pattern is too long');
    bytes[9] = pattern.length;
    bytes.write(pattern, 10, 'latin1');
  }
  bytes.write(text, LENGTH_BYTES + HEAD_BYTES + patternBytes);
  return bytes;
}

/** @param bytes what follows the length @throws BadFrame */
export function parseFrame(bytes: Buffer): Frame {
  const kind = bytes[0] ?? 0;
  if (kind < KIND.asked || kind > KIND.packedAnswered) throw new BadFrame('a frame of an unknown kind');
  let at = HEAD_BYTES;
  let pattern = '';
  if (hasPattern(kind)) {
    const length = bytes[at] ?? 0;
    at += 1;
    if (length === 0 || at + length > bytes.length) throw new BadFrame('a pattern that does not fit its frame');
    pattern = bytes.toString('latin1', at, at + length);
    at += length;
  }
  if (!isUtf8(bytes.subarray(at))) throw new BadFrame('a text that is no UTF-8');
  return { kind: kind as Kind, call: bytes.readUInt32BE(1), pattern, text: bytes.toString('utf8', at) };
}

/** Puts chunks together to frames. Once it has thrown, what comes later has no meaning. */
export class FrameReader {
  private parts: Buffer[] = [];
  private held = 0;
  private wanted = LENGTH_BYTES;

  /** Whether a frame has begun and its end is missing. */
  get midway(): boolean {
    return this.held > 0;
  }

  /** @throws BadFrame, and whatever `take` throws */
  push(chunk: Buffer, take: (frame: Frame) => void): void {
    this.parts.push(chunk);
    this.held += chunk.length;
    if (this.held < this.wanted) return;
    const bytes = this.parts.length === 1 ? chunk : Buffer.concat(this.parts, this.held);
    let at = 0;
    for (;;) {
      this.wanted = LENGTH_BYTES;
      if (bytes.length - at < LENGTH_BYTES) break;
      this.wanted += lengthAt(bytes, at);
      if (bytes.length - at < this.wanted) break;
      take(parseFrame(bytes.subarray(at + LENGTH_BYTES, at + this.wanted)));
      at += this.wanted;
    }
    this.held = bytes.length - at;
    this.parts = this.held > 0 ? [bytes.subarray(at)] : [];
  }
}

function lengthAt(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32BE(at);
  if (length < HEAD_BYTES || length > MAX_FRAME_BYTES) throw new BadFrame(`a frame cannot have ${length} bytes`);
  return length;
}
