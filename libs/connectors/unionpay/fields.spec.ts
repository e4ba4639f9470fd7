import { encodeForm, parseAnswer, parseForm, UnreadableFields } from './fields';
import { nearestDate, nearestInstant, txnInstant, txnTime } from './times';

const faultOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof UnreadableFields) return error.fault;
    throw error;
  }
  return 'none';
};

describe('forms', () => {
  test('escapes, blanks as +, a value with = in it, values without text', () => {
    const fields = parseForm(Buffer.from('a=%E6%88%90+x%2B&b=YQ==&c='));
    expect([...fields]).toEqual([
      ['a', '成 x+'],
      ['b', 'YQ=='],
      ['c', ''],
    ]);
  });

  test('what is written is read again', () => {
    const fields = new Map([
      ['respMsg', "成功[0000000] a+b&c=d'()~!%"],
      ['pem', '-----BEGIN CERTIFICATE-----\r\nAA+/=='],
    ]);
    expect(parseForm(Buffer.from(encodeForm(fields)))).toEqual(fields);
  });

  test.each([
    ['a name twice', 'a=1&b=2&a=1', 'parameter_twice'],
    ['a name twice, escaped once', 'a=1&%61=2', 'parameter_twice'],
    ['nothing', '', 'malformed'],
    ['a broken escape', 'a=%4', 'malformed'],
    ['no escape at all', 'a=%zz', 'malformed'],
    ['no name', '=1', 'malformed'],
    ['no value', 'a', 'malformed'],
    ['an empty pair', 'a=1&', 'malformed'],
    ['a name that is none', 'a%00b=1', 'malformed'],
    ['a bare line end', 'a=1\n', 'malformed'],
    ['GBK', 'a=%B3%C9', 'charset_refused'],
    ['a surrogate in UTF-8', 'a=%ED%A0%80', 'charset_refused'],
    ['too many', Array.from({ length: 201 }, (_, i) => `a${i}=1`).join('&'), 'malformed'],
  ])('%s is refused', (_what, body, fault) => {
    expect(faultOf(() => parseForm(Buffer.from(body)))).toBe(fault);
  });

  test('bytes beyond ASCII that nobody escaped are refused', () => {
    expect(faultOf(() => parseForm(Buffer.from('a=成')))).toBe('malformed');
  });
});

describe('answers', () => {
  test('values are as they stand there; braces and brackets hold separators of their own', () => {
    const text = 'respMsg=成功[0000000]&reqReserved={a=b&c=d}&list=[x=1&y=2]&sign=a+/b==&last={z&z}';
    expect(Object.fromEntries(parseAnswer(Buffer.from(text)))).toEqual({
      respMsg: '成功[0000000]',
      reqReserved: '{a=b&c=d}',
      list: '[x=1&y=2]',
      sign: 'a+/b==',
      last: '{z&z}',
    });
  });

  test('an escaped answer is read as a form', () => {
    const text = 'respMsg=%E6%88%90&signPubKeyCert=-----BEGIN+CERTIFICATE-----';
    expect(parseAnswer(Buffer.from(text)).get('respMsg')).toBe('成');
  });

  test.each([
    ['a name twice', 'a=1&a=2', 'parameter_twice'],
    ['a page', '<html><body>502</body></html>', 'malformed'],
    ['nothing', '', 'malformed'],
  ])('%s is refused', (_what, body, fault) => {
    expect(faultOf(() => parseAnswer(Buffer.from(body)))).toBe(fault);
  });

  test('GBK is refused', () => {
    expect(faultOf(() => parseAnswer(Buffer.from('613db3c9', 'hex')))).toBe('charset_refused');
  });
});

describe('times', () => {
  test('an order’s time in Beijing, the same for the same instant', () => {
    expect(txnTime(new Date('2026-12-31T16:00:00.999Z'))).toBe('20270101000000');
    expect(txnInstant('20270101000000')).toEqual(new Date('2026-12-31T16:00:00Z'));
    expect(txnInstant('20260230000000')).toBeNull();
    expect(txnInstant('2026')).toBeNull();
  });

  test.each([
    ['1231', '2027-01-01T08:00:00+08:00', '2026-12-31'],
    ['0101', '2026-12-31T23:30:00+08:00', '2027-01-01'],
    ['0229', '2028-02-29T09:00:00+08:00', '2028-02-29'],
    ['0229', '2027-02-28T09:00:00+08:00', '2028-02-29'],
    ['0229', '2025-03-01T09:00:00+08:00', '2024-02-29'],
    ['1301', '2026-01-01T00:00:00+08:00', null],
    ['', '2026-01-01T00:00:00+08:00', null],
  ])('accounting day %s seen at %s is %s', (text, near, date) => {
    expect(nearestDate(text, new Date(near))).toBe(date);
  });

  test('a time without a year takes the nearest', () => {
    const near = new Date('2027-01-01T12:00:00+08:00');
    expect(nearestInstant('1231230501', near)).toEqual(new Date('2026-12-31T23:05:01+08:00'));
    expect(nearestInstant('1231240000', near)).toBeNull();
  });
});
