/** Bills come in GBK; one that was saved again may be UTF-8, with or without BOM. */
export class BillText {
  private encoding: 'utf-8' | 'gb18030' | null = null;
  private first = true;

  /** Null when the bytes are no text in the encoding of the lines before. */
  line(raw: Buffer): string | null {
    const bytes = this.first && raw.subarray(0, 3).equals(BOM) ? raw.subarray(3) : raw;
    if (bytes !== raw) this.encoding = 'utf-8';
    this.first = false;
    if (this.encoding) return decoded(bytes, this.encoding);
    const plain = bytes.toString('latin1');
    if (!NOT_ASCII.test(plain)) return plain;
    this.encoding = decoded(bytes, 'utf-8') === null ? 'gb18030' : 'utf-8';
    return decoded(bytes, this.encoding);
  }
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const NOT_ASCII = /[\u0080-\u00ff]/;

function decoded(bytes: Buffer, encoding: 'utf-8' | 'gb18030'): string | null {
  try {
    return DECODERS[encoding].decode(bytes);
  } catch {
    return null;
  }
}

const DECODERS = {
  'utf-8': new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }),
  gb18030: new TextDecoder('gb18030', { fatal: true }),
};
