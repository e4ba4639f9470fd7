/**
 * The part of RFC 9651 (structured field values) that Signature-Input, Signature and Content-Digest use: a dictionary
 * whose members are byte sequences or inner lists of strings with parameters. Anything else is refused, never guessed.
 */

export type BareItem = string | number | boolean | Buffer | Token;

/** A token is not a string: `"a"` and `a` are different values. */
export class Token {
  constructor(readonly value: string) {}
}

export type Parameters = Map<string, BareItem>;

export interface Item {
  value: BareItem;
  params: Parameters;
}
export interface InnerList {
  items: Item[];
  params: Parameters;
}
export type Member = Item | InnerList;

export class FieldSyntaxError extends Error {
  override readonly name = 'FieldSyntaxError';
}

export const isInnerList = (member: Member): member is InnerList => 'items' in member;

/** @throws FieldSyntaxError */
export function parseDictionary(text: string): Map<string, Member> {
  return new Reader(text).dictionary();
}

/** More than this in one header is an attack, not a signature. */
const MAX_LENGTH = 8_192;

class Reader {
  private at = 0;

  constructor(private readonly text: string) {
    if (text.length > MAX_LENGTH) throw new FieldSyntaxError('field too long');
  }

  dictionary(): Map<string, Member> {
    const members = new Map<string, Member>();
    this.skip(/[ ]*/y);
    while (this.at < this.text.length) {
      const name = this.take(/[a-z*][a-z0-9_.*-]*/y, 'member name');
      const member: Member = this.eat('=') ? this.member() : { value: true, params: this.parameters() };
      members.delete(name);
      members.set(name, member);
      this.skip(/[ \t]*/y);
      if (this.at === this.text.length) return members;
      if (!this.eat(',')) throw this.fail('comma');
      this.skip(/[ \t]*/y);
      if (this.at === this.text.length) throw this.fail('member after comma');
    }
    return members;
  }

  private member(): Member {
    if (this.text[this.at] !== '(') return { value: this.bareItem(), params: this.parameters() };
    this.at++;
    const items: Item[] = [];
    for (;;) {
      this.skip(/[ ]*/y);
      if (this.eat(')')) return { items, params: this.parameters() };
      items.push({ value: this.bareItem(), params: this.parameters() });
      if (this.text[this.at] !== ' ' && this.text[this.at] !== ')') throw this.fail('blank or )');
    }
  }

  private parameters(): Parameters {
    const params: Parameters = new Map();
    while (this.eat(';')) {
      this.skip(/[ ]*/y);
      const name = this.take(/[a-z*][a-z0-9_.*-]*/y, 'parameter name');
      const value = this.eat('=') ? this.bareItem() : true;
      params.delete(name);
      params.set(name, value);
    }
    return params;
  }

  private bareItem(): BareItem {
    const first = this.text[this.at] ?? '';
    if (first === '"') {
      const quoted = this.take(/"(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/y, 'string');
      return quoted.slice(1, -1).replace(/\\(["\\])/g, '$1');
    }
    if (first === ':') {
      return Buffer.from(this.take(/:[A-Za-z0-9+/]*={0,2}:/y, 'byte sequence').slice(1, -1), 'base64');
    }
    if (first === '?') return this.take(/\?[01]/y, 'boolean') === '?1';
    if (/[-0-9]/.test(first)) return Number.parseInt(this.take(/-?\d{1,15}(?![\d.])/y, 'integer'), 10);
    return new Token(this.take(/[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*/y, 'item'));
  }

  private take(pattern: RegExp, what: string): string {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (!match) throw this.fail(what);
    this.at += match[0].length;
    return match[0];
  }

  private skip(pattern: RegExp): void {
    pattern.lastIndex = this.at;
    this.at += pattern.exec(this.text)?.[0].length ?? 0;
  }

  private eat(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private fail(what: string): FieldSyntaxError {
    return new FieldSyntaxError(`expected ${what} at position ${this.at}`);
  }
}

/** Canonical text of one item, as it stands in a signature base. */
export function serializeItem(item: Item): string {
  return serializeBare(item.value) + serializeParameters(item.params);
}

export function serializeInnerList(list: InnerList): string {
  return `(${list.items.map(serializeItem).join(' ')})${serializeParameters(list.params)}`;
}

export function serializeMember(member: Member): string {
  return isInnerList(member) ? serializeInnerList(member) : serializeItem(member);
}

function serializeParameters(params: Parameters): string {
  return [...params]
    .map(([name, value]) => (value === true ? `;${name}` : `;${name}=${serializeBare(value)}`))
    .join('');
}

function serializeBare(value: BareItem): string {
  if (value instanceof Token) return value.value;
  if (Buffer.isBuffer(value)) return `:${value.toString('base64')}:`;
  if (typeof value === 'boolean') return value ? '?1' : '?0';
  if (typeof value === 'number') return String(value);
  if (!/^[\x20-\x7e]*$/.test(value)) throw new FieldSyntaxError('a string holds visible ASCII only');
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
