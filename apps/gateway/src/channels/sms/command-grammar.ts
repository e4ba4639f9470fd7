/** The pieces of the grammar. A text is already folded: plain letters in capitals, one blank for many. */

/** Blanks and the marks that people copy from posters. No minus and no full stop: they belong to sums. */
const GAP = '[ #*+,、:;]*';
const SOME = '[ #*+,、:;]+';
const FOR = '(?:给|为|帮|替)';
const SUM = String.raw`[¥\uffe5]?(?<sum>(?:0|[1-9]\d{0,5})(?:\.\d{1,2})?) ?(?:元|圆|块钱|块|YUAN|RMB)?`;
const NUMBER = String.raw`(?<number>(?:86[ -]?)?1\d{2}[ -]?\d{4}[ -]?\d{4})`;
/** Letters of any script, never figures: nobody can tell where `妈妈250` ends its name. Nor words that turn the meaning. */
const NICKNAME = String.raw`(?<nickname>(?:(?![别不没勿莫无充给]|自动|取消|ZD|AUTO|TJ|QX|OFF)\p{L}){1,6})`;

const PAY = '(?:CZ|充值|充话费|充|交话费|缴话费|缴费|TOP ?UP)';
const AUTO = '(?:ZD|自动充值|自动充|AUTO)';
const LINK = '(?:TJ|添加|LINK)';
/** A latin verb ends where its letters end, or a name would begin within it. */
const UNLINK = `(?:(?:SC|QX|UNLINK)${SOME}|(?:删除|取消)${GAP})`;
const BLOCK = '(?:PB|屏蔽|BLOCK)';

const whole = (patterns: readonly string[]): RegExp[] => patterns.map((pattern) => new RegExp(`^${pattern}$`, 'u'));

/** Verb, sum, and whom it is for, in the orders that people write them. */
const forSomebody = (verb: string): string[] => [
  // 充值50 · CZ#50
  `${verb}${GAP}${SUM}`,
  // CZ 13900000000 50
  `${verb}${GAP}${NUMBER}${SOME}${SUM}`,
  // CZ 妈妈 50
  `${verb}${SOME}${NICKNAME}${SOME}${SUM}`,
  // 给妈妈充50 · 给13900000000充50
  `${FOR}${GAP}${NUMBER}${GAP}${verb}${GAP}${SUM}`,
  `${FOR}${GAP}${NICKNAME}${GAP}${verb}${GAP}${SUM}`,
];

export const GRAMMAR = {
  top_up: whole([
    ...forSomebody(PAY),
    // 充50元给妈妈 · TOP UP 50 FOR MUM
    `${PAY}${GAP}${SUM}${GAP}(?:给|FOR |TO )${GAP}${NUMBER}`,
    `${PAY}${GAP}${SUM}${GAP}(?:给|FOR |TO )${GAP}${NICKNAME}`,
  ]),
  auto: whole([
    ...forSomebody(AUTO),
    // ZD 妈妈 OFF · 取消自动充值 · 取消妈妈的自动充值
    `(?<off>${AUTO}${SOME}(?:OFF|关闭|取消))`,
    `(?<off>(?:取消|关闭|停止)自动充值?)`,
    `${AUTO}${SOME}${NICKNAME}${SOME}(?<off>OFF|关闭|取消)`,
    `(?<off>取消|关闭|停止)${NICKNAME}的自动充值?`,
  ]),
  link: whole([`${LINK}${GAP}${NUMBER}(?:${GAP}${NICKNAME})?`, `${LINK}${GAP}${NICKNAME}${GAP}${NUMBER}`]),
  unlink: whole([`${UNLINK}${NUMBER}`, `${UNLINK}${NICKNAME}`]),
  block: whole([`${BLOCK}${GAP}${NUMBER}`]),
} as const;

export type WordKind = 'english' | 'chinese' | 'balance' | 'help' | 'bind' | 'unbind' | 'stop' | 'history' | 'skip';

/** Commands of one word. */
export const WORDS: Readonly<Record<string, WordKind>> = {
  YE: 'balance',
  CXYE: 'balance',
  余额: 'balance',
  查余额: 'balance',
  查询余额: 'balance',
  话费余额: 'balance',
  BAL: 'balance',
  BALANCE: 'balance',
  HELP: 'help',
  BZ: 'help',
  帮助: 'help',
  '?': 'help',
  BD: 'bind',
  绑定: 'bind',
  绑卡: 'bind',
  绑定银行卡: 'bind',
  BIND: 'bind',
  JB: 'unbind',
  解绑: 'unbind',
  取消绑定: 'unbind',
  解除绑定: 'unbind',
  UNBIND: 'unbind',
  PB: 'stop',
  屏蔽: 'stop',
  拒收: 'stop',
  不再收到: 'stop',
  STOP: 'stop',
  BLOCK: 'stop',
  MX: 'history',
  明细: 'history',
  充值记录: 'history',
  缴费记录: 'history',
  HISTORY: 'history',
  LAST: 'history',
  ENGLISH: 'english',
  英文: 'english',
  CHINESE: 'chinese',
  中文: 'chinese',
  N: 'skip',
  NO: 'skip',
  SKIP: 'skip',
  不充: 'skip',
};
