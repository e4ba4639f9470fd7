import { BOOK } from '@yidian/errors';

/** The parts of a text that hold words. */
type Worded = Readonly<Partial<Record<'why' | 'number' | 'list' | 'time', string>>>;

/** What an English text says where its reason is not known by these words. */
const NOT_NOW = 'it cannot be done now';
/** Room for a reason and for a list in a text of 70. */
const ROOM = { why: 46, list: 60 };

/** Reasons are found in Chinese words, in every room that refuses; here stands what they are in English. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ...Object.values(BOOK).map(({ titleZh, title }) => [titleZh, small(title)] as const),
  ...Object.entries({
    余额不足: 'not enough money on the card',
    超过银行限额: "over the bank's limit",
    账户已不能使用: 'the account is closed',
    签约已解除: 'the card is no longer bound',
    卡已过期: 'the card has expired',
    被银行拒绝: 'the bank refused',
    每月限额: 'the monthly limit',
    这是本机号码: 'that is your own number',
    '银行收回过一笔款,这张卡暂停扣款,请联系我们': 'this card is on hold, please contact us',
    '本机刚过户,原来绑定的卡已停用,请机主重新绑定': 'this number changed owner, bind a card again',
    '本机刚换卡或挂失,为安全暂停扣款,最多3天': 'new or lost SIM, on hold for up to 3 days',
  }),
]);

const SHAPES: readonly [RegExp, string][] = [
  [/^单笔限额(.*)元$/, 'the limit of $1 a payment'],
  [/^每日限额(.*)元$/, 'the limit of $1 a day'],
  [/^单笔限额$/, 'the limit of a payment'],
  [/^每日限额$/, 'the daily limit'],
  [/^每次可充(.*)到(.*)元,须是(.*)元的倍数$/, 'send $1 to $2 yuan, in steps of $3'],
  [/^没有叫“(.*)”的亲友(?:,可直接发号码)?$/, 'no family called $1, send the number'],
  [/^“(.*)”不在亲友中.*$/, '$1 is not linked, send LINK number name'],
  [/^这个号码不在亲友中.*$/, 'not linked, send LINK number name'],
  [/^(.*)还没有同意$/, '$1 has not agreed yet'],
  [/^“(.*)”有(\d+)个,请直接发号码$/, '$1 fits $2, send the number'],
  [/^(?:“(.*)”|这个号码)不够清楚.*$/, 'not clear whom you mean, send the number'],
  [/^(.*)已经添加或问过$/, '$1 is linked or was asked'],
  [/^(.*)没有问过您。.*$/, '$1 never asked you; all: BLOCK'],
];

/** Words of a list of payments, in the order in which they are looked for. */
const LIST: readonly [RegExp, string][] = [
  [/^(\d\d-\d\d)本机/, '$1 me '],
  [/^(\d\d-\d\d)(?! )(.*?)(?=\d+\.\d\d元)/, '$1 $2 '],
  [/元已到账$/, ' done'],
  [/元没扣款$/, ' not charged'],
  [/元等银行答复$/, ' not known yet'],
  [/元入账中$/, ' paid'],
  [/元退款中$/, ' returning'],
  [/元已退款$/, ' returned'],
  [/元已退部分$/, ' part returned'],
  [/元已冲正$/, ' undone'],
  [/元银行收回$/, ' taken back'],
  [/元办理中$/, ' under way'],
];

/** The same parts for an English text: what has no English is left out rather than said in Chinese. */
export function english<P extends Worded>(params: P): P {
  return {
    ...params,
    ...(params.why === undefined ? {} : { why: reason(params.why) }),
    ...(params.number === '本机' ? { number: 'your number' } : {}),
    ...(params.time === undefined ? {} : { time: params.time.replace(/^(\d+)月(\d+)日/, '$1-$2 ') }),
    ...(params.list === undefined ? {} : { list: listOf(params.list) }),
  };
}

function reason(why: string): string {
  const shape = SHAPES.find(([pattern]) => pattern.test(why));
  const said = WORDS.get(why) ?? (shape ? why.replace(shape[0], shape[1]) : NOT_NOW);
  return said.length <= ROOM.why ? said : NOT_NOW;
}

/** The newest, as many as fit. */
function listOf(list: string): string {
  const lines = list
    .split(';')
    .map((line) => LIST.reduce((text, [pattern, word]) => text.replace(pattern, word), line));
  let kept = '';
  for (const line of lines) {
    const longer = kept === '' ? line : `${kept}; ${line}`;
    if (longer.length <= ROOM.list) kept = longer;
  }
  return kept;
}

function small(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}
