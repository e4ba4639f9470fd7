import { parseMajor } from '@yidian/money';

/** What a text asks for. Whatever is not clearly one of these is `not_understood`, and nothing is charged. */
export type SmsCommand =
  | { kind: 'top_up'; target: Target; amount: bigint }
  | { kind: 'balance' | 'help' | 'stop' | 'unbind' | 'not_understood' }
  /** A reply: a code we have sent, or a choice. */
  | { kind: 'reply'; code: string };

export type Target = { type: 'self' } | { type: 'number'; number: string } | { type: 'nickname'; nickname: string };

/** Between parts: blanks and the marks that people copy from posters. No minus, no full stop: they belong to sums. */
const GAP = String.raw`[\s#*+,、:;]*`;
const SOME = String.raw`[\s#*+,、:;]+`;
const VERB = String.raw`(?:CZ|充值|充话费|充|交话费|缴费)`;
const SUM = String.raw`(?:¥|RMB)?(?<sum>\d{1,6}(?:\.\d{1,2})?)\s*(?:元|圆|块钱|块|YUAN|RMB)?`;
const NUMBER = String.raw`(?<number>(?:\+?86)?\s?1\d{2}[ -]?\d{4}[ -]?\d{4})`;
/** A nickname is a word of letters (Chinese or Latin), as it was given when the number was added; never digits. */
const NICKNAME = String.raw`(?<nickname>[\p{L}]{1,6})`;
const FOR = String.raw`(?:给|为|帮|替)`;

const TOP_UPS: readonly RegExp[] = [
  // CZ 50 · 充值50 · 充50元
  new RegExp(`^${VERB}${GAP}${SUM}$`, 'u'),
  // CZ 13900000000 50 · 充值13900000000 50
  new RegExp(`^${VERB}${GAP}${NUMBER}${SOME}${SUM}$`, 'u'),
  // 给13900000000充50
  new RegExp(`^${FOR}${GAP}${NUMBER}${GAP}${VERB}${GAP}${SUM}$`, 'u'),
  // 给妈妈充50
  new RegExp(`^${FOR}${GAP}${NICKNAME}${GAP}${VERB}${GAP}${SUM}$`, 'u'),
  // CZ 妈妈 50 · CZ 妈妈50
  new RegExp(`^(?:CZ|充值)${SOME}${NICKNAME}${GAP}${SUM}$`, 'u'),
];

const WORDS: Readonly<Record<string, Exclude<SmsCommand['kind'], 'top_up' | 'reply'>>> = {
  YE: 'balance',
  余额: 'balance',
  查余额: 'balance',
  CXYE: 'balance',
  话费余额: 'balance',
  HELP: 'help',
  BZ: 'help',
  帮助: 'help',
  '?': 'help',
  PB: 'stop',
  JB: 'unbind',
  解绑: 'unbind',
};

const MAX_TEXT = 70;

/** Full-width letters and figures, letter case, blanks and a closing full stop are forgiven; nothing else is guessed. */
export function parseSms(text: string): SmsCommand {
  const plain = text
    .normalize('NFKC')
    .replace(/[\s\u200b]+/g, ' ')
    .trim()
    .toUpperCase();
  if (plain.length > MAX_TEXT) return { kind: 'not_understood' };
  const bare = plain.replace(/[。.!~]+$/u, '').trim();
  const word = WORDS[bare.replace(/\s/g, '')];
  if (word) return { kind: word };
  if (/^\d{4}$|^[12]$/.test(bare)) return { kind: 'reply', code: bare };
  return topUp(bare) ?? { kind: 'not_understood' };
}

function topUp(text: string): SmsCommand | null {
  for (const pattern of TOP_UPS) {
    const groups = pattern.exec(text)?.groups;
    if (!groups) continue;
    const amount = parseMajor(groups['sum'] ?? '');
    if (amount <= 0n) return null;
    return { kind: 'top_up', target: targetOf(groups['number'], groups['nickname']), amount };
  }
  return null;
}

function targetOf(number: string | undefined, nickname: string | undefined): Target {
  if (number !== undefined) return { type: 'number', number: number.replace(/\D/g, '').slice(-11) };
  if (nickname !== undefined) return { type: 'nickname', nickname };
  return { type: 'self' };
}
