import { languageOf } from './language-of';

test.each([
  ['TOPUP 50', 'en'],
  ['topup50', 'en'],
  ['top up 50 for 妈妈', 'en'],
  ['ＢＡＬＡＮＣＥ', 'en'],
  ['auto off', 'en'],
  ['CZ 50', null],
  ['YE', null],
  ['4829', null],
  ['N', null],
  ['CZ#MUM#50', null],
  ['CZ 妈妈 50', 'zh'],
  ['给mum充50', 'zh'],
  ['充值50', 'zh'],
  ['中文', 'zh'],
  ['ALAST', null],
  ['', null],
])('%j', (text, language) => expect(languageOf(text)).toBe(language));
