import fc from 'fast-check';
import { readGetQuery } from './get-query';

const URL_ = '/channels/sms/get?key=k&id=ab-1&to=10086&time=2026-11-29+02:00:00';
const utf16 = [...Buffer.from('充值50', 'utf16le').swap16()]
  .map((octet) => `%${octet.toString(16).padStart(2, '0')}`)
  .join('');

test.each([
  ['UTF-8', `&from=13800001234&text=${encodeURIComponent('充值50')}`, '充值50'],
  ['blanks as plus', '&from=13800001234&text=CZ+13900000000+50', 'CZ 13900000000 50'],
  ['a plus that is meant', '&from=13800001234&text=CZ%2B50', 'CZ+50'],
  ['UTF-16 by name', `&from=13800001234&charset=UTF-16BE&text=${utf16}`, '充值50'],
  ['UTF-16 by coding', `&from=13800001234&coding=2&text=${utf16}`, '充值50'],
  ['coding 2 that was recoded', `&from=13800001234&coding=2&text=${encodeURIComponent('充值50')}`, '充值50'],
  [
    'coding 2, charset UTF-8',
    `&from=13800001234&coding=2&charset=UTF-8&text=${encodeURIComponent('充值50')}`,
    '充值50',
  ],
  ['GBK', '&from=13800001234&charset=GBK&text=%B3%E4%D6%B550', '充值50'],
  ['Latin-1', '&from=13800001234&charset=ISO-8859-1&text=caf%E9', 'café'],
  ['no text', '&from=13800001234&text=', ''],
])('%s', (_, rest, text) => {
  expect(readGetQuery(URL_ + rest)).toEqual({ key: 'k', message: { id: 'ab-1', from: '13800001234', text } });
});

test.each(['+8613800001234', '%2B8613800001234', '8613800001234', '008613800001234'])('%s is that number', (from) => {
  expect(readGetQuery(`${URL_}&from=${from}&text=YE`).message?.from).toBe('13800001234');
});

test.each([
  ['no sender', '&text=YE'],
  ['a name for a sender', '&from=BANK&text=YE'],
  ['octets that are no UTF-8', '&from=13800001234&text=%B3%E4'],
  ['half a percent', '&from=13800001234&text=50%'],
  ['an alphabet nobody knows', '&from=13800001234&charset=klingon&text=YE'],
  ['a very long text', `&from=13800001234&text=${'a'.repeat(1_001)}`],
  ['an address without end', `&from=13800001234&text=YE&x=${'a'.repeat(9_000)}`],
  ['members without end', `&from=13800001234&text=YE${'&a=1'.repeat(40)}`],
])('%s is not accepted', (_, rest) => expect(readGetQuery(URL_ + rest).message).toBeNull());

test('no id, no address', () => {
  expect(readGetQuery('/channels/sms/get?from=13800001234&to=1&text=YE').message).toBeNull();
  expect(readGetQuery('/channels/sms/get').message).toBeNull();
});

test('any address is read or refused', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (rest) => void readGetQuery(`/g?${rest}`)));
});
