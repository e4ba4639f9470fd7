import { hash } from 'node:crypto';

/** What a request asks, as far as a later one under its key is compared with it. */
export interface Asked {
  /** Of the kind of operation and every member, whatever their order: equal means the same request. */
  hash: string;
  /**
   * A line per leaf: its pointer and 16 bits of its value. Enough to name what differs, too little to find a phone number
   * by; the hash decides.
   */
  members: string;
}

export function askedOf(kind: string, body: unknown): Asked {
  const leaves: string[] = [];
  walk(body, '', leaves);
  leaves.sort();
  let members = '';
  for (const leaf of leaves) {
    const at = leaf.indexOf('\n');
    members += `${leaf.slice(0, at)} ${shortOf(leaf, at + 1)}\n`;
  }
  return { hash: hash('sha256', `${kind}\n\n${leaves.join('\n\n')}`), members };
}

/** Leaves are `pointer, line feed, JSON`: neither a pointer nor JSON holds a line feed of its own. */
function walk(value: unknown, path: string, into: string[]): void {
  if (typeof value === 'object' && value !== null) {
    for (const name in value) {
      const inner = (value as Record<string, unknown>)[name];
      if (inner !== undefined) walk(inner, path + stepTo(name), into);
    }
    return;
  }
  into.push(`${path}\n${jsonOf(value)}`);
}

/** As `JSON.stringify` writes it, which costs several times as much for the plain texts that most values are. */
function jsonOf(value: unknown): string {
  return typeof value === 'string' && isPlain(value) ? `"${value}"` : JSON.stringify(value);
}

/** Printable ASCII without what JSON or a pointer escapes. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7d || code === QUOTE || code === BACKSLASH) return false;
  }
  return true;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** One step of a JSON pointer. */
function stepTo(name: string): string {
  if (!/[~/\n]/.test(name)) return `/${name}`;
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('\n', ' ')}`;
}

/** FNV-1a, folded to four hexadecimal digits. */
function shortOf(text: string, from: number): string {
  let sum = 0x811c9dc5;
  for (let at = from; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  const folded = (sum >>> 16) ^ (sum & 0xffff);
  return `${HEX[folded >> 8] ?? ''}${HEX[folded & 0xff] ?? ''}`;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Pointers at which two requests differ, from their members. */
export function differing(a: string, b: string): string[] {
  const [left, right] = [linesOf(a), linesOf(b)];
  const pointers = new Set([...left.keys(), ...right.keys()]);
  return [...pointers].filter((at) => left.get(at) !== right.get(at)).sort();
}

function linesOf(members: string): Map<string, string> {
  const lines = members.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]));
}
