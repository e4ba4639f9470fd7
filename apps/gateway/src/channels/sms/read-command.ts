import { MoneyError, parseMajor } from '@yidian/money';
import { GRAMMAR, WORDS, type WordKind } from './command-grammar';

/**
 * What a text asks for, read by a strict grammar: a payment only where verb, sum and payee all stand there and nothing
 * else does. Whatever is not clearly one of these is `not_understood`, and nothing is charged.
 */
export type Command =
  | { kind: 'top_up'; target: Target; amount: bigint }
  /** A standing order: keep it at that sum. */
  | { kind: 'auto_set'; target: Target; amount: bigint }
  | { kind: 'auto_off'; target: Target }
  | { kind: 'link'; number: string; nickname: string }
  | { kind: 'unlink'; target: Exclude<Target, { type: 'self' }> }
  /** That number may not ask any more. */
  | { kind: 'block'; number: string }
  /** A code that we have sent, or the figure of a choice. */
  | { kind: 'reply'; code: string }
  | { kind: WordKind | 'not_understood' };

export type Target =
  | { type: 'self' }
  | { type: 'number'; number: string }
  /** In capitals, as it is to be compared. */
  | { type: 'nickname'; nickname: string };

const OWN = new Set(['我', '自己', '我自己', '本机', 'ME', 'SELF']);
/** What somebody is called who was added without a name. */
const SOMEBODY = '亲友';
/** One message of Chinese text; what is longer says more than a command does. */
const MAX_LENGTH = 70;

export function readCommand(text: string): Command {
  const plain = plainOf(text);
  if (plain === null) return { kind: 'not_understood' };
  const word = Object.hasOwn(WORDS, plain) ? WORDS[plain] : undefined;
  if (word) return { kind: word };
  if (/^(?:\d{4}|[1-9])$/.test(plain)) return { kind: 'reply', code: plain };
  // Standing orders first: their verb has the other's within it.
  return auto(plain) ?? topUp(plain) ?? family(plain) ?? { kind: 'not_understood' };
}

/**
 * Full-width letters, figures and marks become plain ones, blanks one blank, letters capitals; a closing full stop or
 * exclamation mark goes. Nothing more: a wider folding would read `5²` as 52. Null for text that hides something
 * (invisible, reordering and control characters) or is too long.
 */
function plainOf(text: string): string | null {
  if (text.length > MAX_LENGTH) return null;
  const narrow = foldWidth(text)
    .replace(/[\t\n\r\u00a0\u3000 ]+/g, ' ')
    .replace(/[a-z]/g, (letter) => letter.toUpperCase())
    .trim();
  if (/[\p{C}\p{Z}]/u.test(narrow.replaceAll(' ', ''))) return null;
  return narrow.replace(/ ?[。!]$/u, '').replace(/(?<=^(?:CZ|充值|ZD).*\d)[#*]$/u, '');
}

export const foldWidth = (text: string): string =>
  text.replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));

type Groups = Partial<Record<'sum' | 'number' | 'nickname' | 'off', string>>;

function* matches(patterns: readonly RegExp[], plain: string): Generator<Groups> {
  for (const pattern of patterns) {
    const found = pattern.exec(plain);
    if (found) yield found.groups ?? {};
  }
}

function topUp(plain: string): Command | null {
  for (const { sum, number, nickname } of matches(GRAMMAR.top_up, plain)) {
    const amount = sumOf(sum);
    if (amount) return { kind: 'top_up', target: targetOf(number, nickname), amount };
  }
  return null;
}

/** A standing order of nothing is its end. */
function auto(plain: string): Command | null {
  for (const { sum, number, nickname, off } of matches(GRAMMAR.auto, plain)) {
    const target = targetOf(number, nickname);
    if (off !== undefined) return { kind: 'auto_off', target };
    const amount = sumOf(sum);
    if (amount === 0n) return { kind: 'auto_off', target };
    if (amount) return { kind: 'auto_set', target, amount };
  }
  return null;
}

function family(plain: string): Command | null {
  for (const { number, nickname } of matches(GRAMMAR.link, plain)) {
    if (number && !OWN.has(nickname ?? ''))
      return { kind: 'link', number: bare(number), nickname: nickname ?? SOMEBODY };
  }
  for (const { number } of matches(GRAMMAR.block, plain)) if (number) return { kind: 'block', number: bare(number) };
  for (const { number, nickname } of matches(GRAMMAR.unlink, plain)) {
    const target = targetOf(number, nickname);
    if (target.type !== 'self') return { kind: 'unlink', target };
  }
  return null;
}

function sumOf(sum: string | undefined): bigint | null {
  try {
    return parseMajor(sum ?? '');
  } catch (error) {
    if (error instanceof MoneyError) return null;
    throw error;
  }
}

const bare = (number: string): string => number.replace(/\D/g, '').slice(-11);

function targetOf(number: string | undefined, nickname: string | undefined): Target {
  if (number !== undefined) return { type: 'number', number: bare(number) };
  if (nickname === undefined || OWN.has(nickname)) return { type: 'self' };
  return { type: 'nickname', nickname };
}
