import type { Params, SmsCode } from './sms-templates';

/** The longest each part can be. */
const LONGEST: Params = {
  who: '世界第一好妈',
  number: '139****0000',
  amount: '9999.99',
  balance: '9999.99',
  pay: '邮储银行尾号8812',
  tail: '6512',
  why: '账户已不能使用',
  limit: '9999',
  month: '99999',
  payer: '138****1234',
  word: '世界第一好妈',
  first: '世界第一好妈139****0000',
  second: '世界第一好爸137****2222',
  day: '11月25日',
  times: '3',
  bank: '邮储银行',
  time: '11月30日06:00',
  list: '充'.repeat(60),
};

/** Codes inside replies have four digits; only signing in has six. Some parts are another thing in one text. */
const OWN_PARTS: Partial<Record<SmsCode, Params>> = {
  sign_in_code: { code: '482913' },
  choose: { list: '1世界第一好妈0000,2世界第一好爸2222,3世界第一好岳3333' },
  auto_stopped: { word: 'ZD 世界第一好妈 9999' },
};

/** What a text is measured with. */
export const longestParts = (code: SmsCode): Params => ({ ...LONGEST, code: '4829', ...OWN_PARTS[code] });
