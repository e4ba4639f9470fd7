import { localName, MalformedXml } from './xml-tree';

/** A piece of a document. Put together, the `raw` of all pieces are the document up to its last piece. */
export interface XmlPiece {
  kind: 'open' | 'close' | 'element';
  /** Without prefix. */
  name: string;
  /** Names of the elements around it, outermost first, without prefix. */
  path: readonly string[];
  /** Bytes since the piece before: what stands between them, then the tag or the whole element. */
  raw: Buffer;
  /** Where in `raw` the tag or element itself begins. */
  at: number;
  /** Of the tag's first byte in the document. */
  offset: number;
}

/** Larger than any element that is kept whole: what is not closed within it is no message. */
export const LARGEST_ELEMENT = 8 * 1024 * 1024;

const LT = 0x3c;
const GT = 0x3e;
const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;
const [QUOTE, APOSTROPHE] = [0x22, 0x27];

/**
 * Cuts a stream of XML into whole elements, in memory of one of them. It works on bytes, because every encoding that is
 * taken here (UTF-8, Latin-1, GBK) keeps `<`, `>` and quotes for themselves; UTF-16 is turned into UTF-8 before.
 * Comments, CDATA, processing instructions and quoted `>` are passed over as such. A DTD is refused: with it come entities.
 */
export class XmlCutter {
  /** As the XML declaration names it, in small letters; '' where it does not. */
  encoding = '';
  private readonly source: AsyncIterator<Uint8Array>;
  private data: Buffer = Buffer.alloc(0);
  /** Offset of data[0] in the document. */
  private base = 0;
  /** In data: where the next piece's raw begins, and how far tokens were read. */
  private from = 0;
  private pos = 0;
  private readonly tags: string[] = [];
  private readonly names: string[] = [];
  /** Open elements inside the one that is kept whole; 0: none is. */
  private inside = 0;
  private wholeAt = 0;
  private wholeName = '';

  /** @param descend whether an element is opened and its children looked at one by one; otherwise it is kept whole */
  constructor(
    source: AsyncIterable<Uint8Array>,
    private readonly descend: (name: string, path: readonly string[]) => boolean,
  ) {
    this.source = source[Symbol.asyncIterator]();
  }

  get bytes(): number {
    return this.base + this.data.length;
  }

  /** Where the next piece begins, and its first bytes: for saying what could not be read. */
  rest(length: number): { offset: number; raw: Buffer } {
    return { offset: this.base + this.from, raw: Buffer.from(this.data.subarray(this.from, this.from + length)) };
  }

  /**
   * @returns the next piece; null at the end of the document
   * @throws MalformedXml
   */
  async next(): Promise<XmlPiece | null> {
    for (;;) {
      const piece = this.step();
      if (piece !== 'more') return piece;
      if (!(await this.pull())) return this.end();
    }
  }

  private end(): null {
    if (this.inside > 0 || this.tags.length > 0) throw new MalformedXml('the document ends before it is complete');
    if (this.data.subarray(this.from).some((byte) => byte > 0x20)) throw new MalformedXml('text after the document');
    return null;
  }

  private async pull(): Promise<boolean> {
    if (this.data.length - this.from > LARGEST_ELEMENT) throw new MalformedXml('an element is too long');
    const next = await this.source.next();
    if (next.done) return false;
    const { value } = next;
    const kept = this.data.subarray(this.from);
    this.base += this.from;
    this.pos -= this.from;
    this.wholeAt -= this.from;
    this.from = 0;
    this.data = kept.length === 0 ? Buffer.from(value.buffer, value.byteOffset, value.length) : joined(kept, value);
    return true;
  }

  private step(): XmlPiece | 'more' {
    for (;;) {
      const lt = this.data.indexOf(LT, this.pos);
      if (lt === -1) {
        this.pos = this.data.length;
        return 'more';
      }
      this.pos = lt;
      const end = this.tokenEnd(lt);
      if (end === -1) return 'more';
      this.pos = end;
      const piece = this.token(lt, end);
      if (piece) return piece;
    }
  }

  /** Index after the token that begins at `lt`; -1 when more bytes are needed. */
  private tokenEnd(lt: number): number {
    const { data } = this;
    const second = data[lt + 1];
    if (second === undefined) return -1;
    if (second === QUESTION) return after(data, '?>', lt + 2);
    if (second !== BANG) return tagEnd(data, lt + 1);
    if (data.length < lt + 9) return -1;
    const word = data.toString('latin1', lt, lt + 9);
    if (word.startsWith('<!--')) return after(data, '-->', lt + 4);
    if (word === '<![CDATA[') return after(data, ']]>', lt + 9);
    throw new MalformedXml('a DTD is refused');
  }

  private token(lt: number, end: number): XmlPiece | undefined {
    const second = this.data[lt + 1];
    if (second === BANG) return undefined;
    if (second === QUESTION) {
      this.encoding ||= declared(this.data.toString('latin1', lt, end));
      return undefined;
    }
    if (second === SLASH) return this.closing(lt, end);
    return this.opening(lt, end, this.data[end - 2] === SLASH);
  }

  private opening(lt: number, end: number, empty: boolean): XmlPiece | undefined {
    if (this.inside > 0) {
      if (!empty) this.inside++;
      return undefined;
    }
    const tag = tagName(this.data, lt + 1, end);
    const name = localName(tag);
    if (!empty && this.descend(name, this.names)) {
      const piece = this.piece('open', name, lt, end);
      this.tags.push(tag);
      this.names.push(name);
      return piece;
    }
    if (empty) return this.piece('element', name, lt, end);
    this.inside = 1;
    this.wholeAt = lt;
    this.wholeName = name;
    return undefined;
  }

  private closing(lt: number, end: number): XmlPiece | undefined {
    if (this.inside > 0) {
      if (--this.inside > 0) return undefined;
      return this.piece('element', this.wholeName, this.wholeAt, end);
    }
    const tag = tagName(this.data, lt + 2, end);
    if (this.tags.pop() !== tag) throw new MalformedXml('an element is closed that is not open');
    this.names.pop();
    return this.piece('close', localName(tag), lt, end);
  }

  private piece(kind: XmlPiece['kind'], name: string, start: number, end: number): XmlPiece {
    const raw = this.data.subarray(this.from, end);
    const at = start - this.from;
    this.from = end;
    return { kind, name, path: [...this.names], raw, at, offset: this.base + start };
  }
}

function joined(kept: Buffer, more: Uint8Array): Buffer {
  return Buffer.concat([kept, more]);
}

function after(data: Buffer, mark: string, from: number): number {
  const found = data.indexOf(mark, from, 'latin1');
  return found === -1 ? -1 : found + mark.length;
}

function tagEnd(data: Buffer, from: number): number {
  let quote = 0;
  for (let i = from; i < data.length; i++) {
    const byte = data[i];
    if (quote !== 0) quote = byte === quote ? 0 : quote;
    else if (byte === GT) return i + 1;
    else if (byte === QUOTE || byte === APOSTROPHE) quote = byte;
    else if (byte === LT) throw new MalformedXml('< within a tag');
  }
  return -1;
}

function tagName(data: Buffer, from: number, end: number): string {
  let to = from;
  while (to < end && (data[to] ?? 0) > 0x20 && data[to] !== SLASH && data[to] !== GT) to++;
  if (to === from) throw new MalformedXml('a tag without a name');
  return data.toString('latin1', from, to);
}

function declared(instruction: string): string {
  if (!/^<\?xml\s/i.test(instruction)) return '';
  return (/\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(instruction)?.[1] ?? '').toLowerCase();
}
