import type { Word } from './words';

/**
 * The members of a JSON object as they are written. Alipay signs the very text of one member of its answer, and a second
 * parser that sees another member under the same name would believe what nobody signed: a name that is there twice throws.
 * @throws Error when the text is no JSON object
 */
export function membersOf(text: string): Map<string, string> {
  const whole: unknown = JSON.parse(text); // well-formed from here on: the walk below only finds where members end
  if (whole === null || typeof whole !== 'object' || Array.isArray(whole)) throw new Error('no JSON object');
  const members = new Map<string, string>();
  let at = past(text, text.indexOf('{') + 1);
  while (text[at] !== '}') {
    const nameEnds = endOfValue(text, at);
    const name = JSON.parse(text.slice(at, nameEnds)) as string;
    const from = past(text, past(text, nameEnds) + 1);
    const to = endOfValue(text, from);
    if (members.has(name)) throw new Error('a member is there twice');
    members.set(name, text.slice(from, to));
    at = past(text, to);
    if (text[at] === ',') at = past(text, at + 1);
  }
  return members;
}

/** Texts unquoted, everything else as it is written; what is null is not there. */
export function wordOf(text: string): Word {
  const word: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, raw] of membersOf(text)) {
    if (raw !== 'null') word[name] = raw.startsWith('"') ? (JSON.parse(raw) as string) : raw;
  }
  return word;
}

function past(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text[at] ?? '')) at++;
  return at;
}

function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '"') at = closingQuote(text, at);
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    else if (depth > 0 || !ENDS.has(text[at + 1] ?? '')) continue;
    if (depth === 0) return at + 1;
  }
  throw new Error('no JSON object');
}

/** What can follow a number or a literal. */
const ENDS = new Set([',', '}', ']', ' ', '\t', '\n', '\r', ':']);

function closingQuote(text: string, open: number): number {
  let at = open + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
