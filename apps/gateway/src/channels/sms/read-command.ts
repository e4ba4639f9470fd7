import { MoneyError, parseMajor } from '@yidian/money';

/**
 * What a text asks for, read by a strict grammar: a payment only where verb, sum and payee all stand there and nothing
 * else does. Whatever is not clearly one of these is `not_understood`, and nothing is charged.
 */
export type Command =
  | { kind: 'top_up'; target: Target; amount: bigint }
  /** A code that we have sent, or the 1 or 2 of a choice. */
  | { kind: 'reply'; code: string }
  | { kind: 'balance' | 'help' | 'bind' | 'unbind' | 'stop' | 'not_understood' };

export type Target =
  | { type: 'self' }
  | { type: 'number'; number: string }
  /** In capitals, as it is to be compared. */
  | { type: 'nickname'; nickname: string };

/** Blanks and the marks that people copy from posters. No minus and no full stop: they belong to sums. */
const GAP = '[ #*+,、:;]*';
const SOME = '[ #*+,、:;]+';
const VERB = '(?:CZ|充值|充话费|充|交话费|缴话费|缴费)';
const FOR = '(?:给|为|帮|替)';
const SUM = String.raw`[¥\uffe5]?(?<sum>(?:0|[1-9]\d{0,5})(?:\.\d{1,2})?) ?(?:元|圆|块钱|块|YUAN|RMB)?`;
const NUMBER = String.raw`(?<number>(?:86[ -]?)?1\d{2}[ -]?\d{4}[ -]?\d{4})`;
/** Letters of any script, never figures: nobody can tell where `妈妈250` ends its name. Nor words that turn the meaning. */
const NICKNAME = String.raw`(?<nickname>(?:(?![别不没勿莫无充给])\p{L}){1,6})`;

const TOP_UPS = [
  // 充值50 · CZ#50
  `${VERB}${GAP}${SUM}`,
  // CZ 13900000000 50
  `${VERB}${GAP}${NUMBER}${SOME}${SUM}`,
  // CZ 妈妈 50
  `${VERB}${SOME}${NICKNAME}${SOME}${SUM}`,
  // 给妈妈充50 · 给13900000000充50
  `${FOR}${GAP}${NUMBER}${GAP}${VERB}${GAP}${SUM}`,
  `${FOR}${GAP}${NICKNAME}${GAP}${VERB}${GAP}${SUM}`,
  // 充50元给妈妈
  `${VERB}${GAP}${SUM}${GAP}给${GAP}${NUMBER}`,
  `${VERB}${GAP}${SUM}${GAP}给${GAP}${NICKNAME}`,
].map((pattern) => new RegExp(`^${pattern}$`, 'u'));

const WORDS: Readonly<Record<string, Exclude<Command['kind'], 'top_up' | 'reply'>>> = {
  YE: 'balance',
  CXYE: 'balance',
  余额: 'balance',
  查余额: 'balance',
  查询余额: 'balance',
  话费余额: 'balance',
  HELP: 'help',
  BZ: 'help',
  帮助: 'help',
  '?': 'help',
  BD: 'bind',
  绑定: 'bind',
  绑卡: 'bind',
  JB: 'unbind',
  解绑: 'unbind',
  PB: 'stop',
};
const OWN = new Set(['我', '自己', '我自己', '本机']);
/** One message of Chinese text; what is longer says more than a command does. */
const MAX_LENGTH = 70;

export function readCommand(text: string): Command {
  const plain = plainOf(text);
  if (plain === null) return { kind: 'not_understood' };
  const word = Object.hasOwn(WORDS, plain) ? WORDS[plain] : undefined;
  if (word) return { kind: word };
  if (/^(?:\d{4}|[12])$/.test(plain)) return { kind: 'reply', code: plain };
  return topUp(plain) ?? { kind: 'not_understood' };
}

/**
 * Full-width letters, figures and marks become plain ones, blanks one blank, letters capitals; a closing full stop or
 * exclamation mark goes. Nothing more: a wider folding would read `5²` as 52. Null for text that hides something
 * (invisible, reordering and control characters) or is too long.
 */
function plainOf(text: string): string | null {
  if (text.length > MAX_LENGTH) return null;
  const narrow = text
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\t\n\r\u00a0\u3000 ]+/g, ' ')
    .replace(/[a-z]/g, (letter) => letter.toUpperCase())
    .trim();
  if (/[\p{C}\p{Z}]/u.test(narrow.replaceAll(' ', ''))) return null;
  return narrow.replace(/ ?[。!]$/u, '').replace(/(?<=^(?:CZ|充值).*\d)[#*]$/u, '');
}

function topUp(plain: string): Command | null {
  for (const pattern of TOP_UPS) {
    const groups = pattern.exec(plain)?.groups;
    const amount = groups && sumOf(groups['sum'] ?? '');
    if (amount) return { kind: 'top_up', target: targetOf(groups['number'], groups['nickname']), amount };
  }
  return null;
}

/** Null for nothing at all. */
function sumOf(sum: string): bigint | null {
  try {
    const amount = parseMajor(sum);
    return amount > 0n ? amount : null;
  } catch (error) {
    if (error instanceof MoneyError) return null;
    throw error;
  }
}

function targetOf(number: string | undefined, nickname: string | undefined): Target {
  if (number !== undefined) return { type: 'number', number: number.replace(/\D/g, '').slice(-11) };
  if (nickname === undefined || OWN.has(nickname)) return { type: 'self' };
  return { type: 'nickname', nickname };
}
