import iconv from 'iconv-lite';
import { TextDecoder } from 'node:util';

/** UTF-16 becomes UTF-8; everything else stays the bytes it is. `changed`: offsets say nothing about the file any more. */
export async function utf16Undone(
  source: AsyncIterable<Uint8Array>,
): Promise<{ source: AsyncIterable<Uint8Array>; changed: boolean }> {
  const chunks = source[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 4) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const encoding = utf16Of(head);
  const whole = followed(head, chunks);
  return encoding === null ? { source: whole, changed: false } : { source: transcoded(whole, encoding), changed: true };
}

function utf16Of(head: Buffer): 'utf-16le' | 'utf-16be' | null {
  const [a, b, c, d] = head;
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0 && d === 0)) return 'utf-16le';
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c && c === 0)) return 'utf-16be';
  return null;
}

async function* followed(head: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* transcoded(source: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<Uint8Array> {
  const decoder = iconv.getDecoder(encoding);
  for await (const chunk of source) {
    const text = decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    if (text.length > 0) yield Buffer.from(text);
  }
  const last = decoder.end();
  if (last) yield Buffer.from(last);
}

/** @returns null for an encoding that is not taken */
export function decoderOf(encoding: string): TextDecoder | null {
  const name = encoding === '' || encoding.startsWith('utf-16') ? 'utf-8' : encoding;
  try {
    const decoder = new TextDecoder(name, { fatal: true });
    return KEEP_ASCII.has(decoder.encoding) || decoder.encoding.startsWith('iso-8859-') ? decoder : null;
  } catch {
    return null;
  }
}

/** In which `<`, `>` and quotes are never part of another letter. */
const KEEP_ASCII = new Set(['utf-8', 'windows-1252', 'windows-1250', 'windows-1251', 'gbk', 'gb18030', 'macintosh']);
