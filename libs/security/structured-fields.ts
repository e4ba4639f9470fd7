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
  /** Shared between lists that read the same: never changed. */
  items: readonly Item[];
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

/** Callers cover the same components in call after call: a list is read once and then known by its text. */
const knownLists = new Map<string, readonly Item[]>();
const MAX_KNOWN = 256;
const MAX_KNOWN_LENGTH = 400;

function remember(text: string, items: readonly Item[]): void {
  if (text.length > MAX_KNOWN_LENGTH) return;
  if (knownLists.size >= MAX_KNOWN) knownLists.delete(knownLists.keys().next().value ?? '');
  knownLists.set(text, items);
}

/** The items of an inner list that was read before in exactly these signs, if they are its canonical form. */
export function knownItems(text: string): readonly Item[] | undefined {
  const items = knownLists.get(text);
  return items && serializeItems(items) === text ? items : undefined;
}

/** Sticky: tried only where the reader stands. */
const BLANKS = / */y;
const WHITE = /[ \t]*/y;
const NAME = /[a-z*][a-z0-9_.*-]*/y;
const STRING = /"(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/y;
const BYTES = /:[A-Za-z0-9+/]*={0,2}:/y;
const BOOLEAN = /\?[01]/y;
const INTEGER = /-?\d{1,15}(?![\d.])/y;
const TOKEN = /[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*/y;

class Reader {
  private at = 0;

  constructor(private readonly text: string) {
    if (text.length > MAX_LENGTH) throw new FieldSyntaxError('field too long');
  }

  dictionary(): Map<string, Member> {
    const members = new Map<string, Member>();
    this.skip(BLANKS);
    while (this.at < this.text.length) {
      const name = this.take(NAME, 'member name');
      const member: Member = this.eat('=') ? this.member() : { value: true, params: this.parameters() };
      members.delete(name);
      members.set(name, member);
      this.skip(WHITE);
      if (this.at === this.text.length) return members;
      if (!this.eat(',')) throw this.fail('comma');
      this.skip(WHITE);
      if (this.at === this.text.length) throw this.fail('member after comma');
    }
    return members;
  }

  private member(): Member {
    if (this.text[this.at] !== '(') return { value: this.bareItem(), params: this.parameters() };
    return { items: this.items(), params: this.parameters() };
  }

  private items(): readonly Item[] {
    const from = this.at;
    const end = this.text.indexOf(')', from) + 1;
    const known = knownLists.get(this.text.slice(from, end));
    if (known) {
      this.at = end;
      return known;
    }
    this.at++;
    const items: Item[] = [];
    for (;;) {
      this.skip(BLANKS);
      if (this.eat(')')) break;
      items.push({ value: this.bareItem(), params: this.parameters() });
      if (this.text[this.at] !== ' ' && this.text[this.at] !== ')') throw this.fail('blank or )');
    }
    remember(this.text.slice(from, this.at), items);
    return items;
  }

  private parameters(): Parameters {
    const params: Parameters = new Map();
    while (this.eat(';')) {
      this.skip(BLANKS);
      const name = this.take(NAME, 'parameter name');
      const value = this.eat('=') ? this.bareItem() : true;
      params.delete(name);
      params.set(name, value);
    }
    return params;
  }

  private bareItem(): BareItem {
    const first = this.text[this.at] ?? '';
    if (first === '"') {
      const quoted = this.take(STRING, 'string').slice(1, -1);
      return quoted.includes('\\') ? quoted.replace(/\\(["\\])/g, '$1') : quoted;
    }
    if (first === ':') return Buffer.from(this.take(BYTES, 'byte sequence').slice(1, -1), 'base64');
    if (first === '?') return this.take(BOOLEAN, 'boolean') === '?1';
    if (/[-0-9]/.test(first)) return Number.parseInt(this.take(INTEGER, 'integer'), 10);
    return new Token(this.take(TOKEN, 'item'));
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

const listTexts = new WeakMap<readonly Item[], string>();

export function serializeInnerList({ items, params }: InnerList): string {
  return serializeItems(items) + serializeParameters(params);
}

/** An inner list without its parameters. */
export function serializeItems(items: readonly Item[]): string {
  let text = listTexts.get(items);
  if (text === undefined) listTexts.set(items, (text = `(${items.map(serializeItem).join(' ')})`));
  return text;
}

export function serializeMember(member: Member): string {
  return isInnerList(member) ? serializeInnerList(member) : serializeItem(member);
}

function serializeParameters(params: Parameters): string {
  let text = '';
  for (const [name, value] of params) text += value === true ? `;${name}` : `;${name}=${serializeBare(value)}`;
  return text;
}

function serializeBare(value: BareItem): string {
  if (typeof value === 'string') return serializeString(value);
  if (value instanceof Token) return value.value;
  if (Buffer.isBuffer(value)) return `:${value.toString('base64')}:`;
  if (typeof value === 'boolean') return value ? '?1' : '?0';
  return String(value);
}

export function serializeString(value: string): string {
  if (/^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/.test(value)) return `"${value}"`;
  if (!/^[\x20-\x7e]*$/.test(value)) throw new FieldSyntaxError('a string holds visible ASCII only');
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
