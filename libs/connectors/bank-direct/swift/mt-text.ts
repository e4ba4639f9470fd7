import iconv from 'iconv-lite';
import { TextDecoder } from 'node:util';

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Two-byte letters of GB 2312, of which Chinese banks' texts consist; other texts with high bytes are Western. */
const GB2312 = /^(?:[\x00-\x7f]|[\xa1-\xf7][\xa1-\xfe])*$/;

/**
 * The text of a field. SWIFT's own letters are ASCII; banks add those of their country and never say which set they are
 * of. Joined before decoding: banks cut lines by bytes, within a letter if need be.
 */
export function textOf(bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString('latin1');
  try {
    return utf8.decode(bytes);
  } catch {
    return iconv.decode(bytes, GB2312.test(bytes.toString('latin1')) ? 'gbk' : 'latin1');
  }
}

function isAscii(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte > 0x7f) return false;
  return true;
}
