import { Problem } from '@yidian/errors';
import { z } from 'zod';
import { readCookie, sessionCookie } from './cookies';
import { amountField, currencyField, numberField } from './fields';
import { newId } from './ids';
import { parseIdempotencyKey } from './idempotency-key';
import { languageOf } from './language';
import { decodeCursor, encodeCursor, expandQuery, listOf } from './lists';
import { parseJson } from './server';
import { validate } from './validation';

function problemOf(work: () => unknown): Problem {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('ids are opaque, ordered by time, and do not repeat', () => {
  expect(newId('req')).toMatch(/^req_[0-9A-HJKMNP-TV-Z]{26}$/);
  expect(newId('evt', 1) < newId('evt', 2)).toBe(true);
  expect(new Set(Array.from({ length: 1_000 }, () => newId('pay', 5))).size).toBe(1_000);
});

test.each([
  [undefined, 'en'],
  ['zh-CN,zh;q=0.9', 'zh-CN'],
  ['en-GB', 'en'],
  ['fr, zh;q=0.5, en;q=0.8', 'en'],
  ['fr', 'en'],
  ['zh;q=0, en;q=0.1', 'en'],
])('Accept-Language %s → %s', (header, language) => expect(languageOf(header)).toBe(language));

describe('Idempotency-Key', () => {
  test.each([
    ['shop-1', 'shop-1'],
    ['"shop-1"', 'shop-1'],
    ['"a\\"b"', 'a"b'],
  ])('%s', (header, key) => expect(parseIdempotencyKey(header)).toBe(key));

  test.each([undefined, '', '""', 'with blank', '钥匙', 'x'.repeat(256), ['a', 'b']])('refused: %p', (header) => {
    expect(problemOf(() => parseIdempotencyKey(header)).code).toBe('idempotency_key_missing');
  });
});

describe('bodies', () => {
  const schema = z.strictObject({
    number: numberField,
    amount: amountField,
    currency: currencyField,
    nested: z.strictObject({ 'a/b': z.string().max(3) }).optional(),
  });
  const good = { number: '13900000000', amount: 5000, currency: 'CNY' };
  test.each<[string, object, string, string]>([
    ['fraction', { ...good, amount: 50.5 }, 'amount_not_integer', '/amount'],
    ['string', { ...good, amount: '5000' }, 'amount_not_integer', '/amount'],
    ['past 2^53−1', { ...good, amount: 9_007_199_254_740_992 }, 'amount_not_integer', '/amount'],
    ['absent', { ...good, amount: undefined }, 'amount_not_integer', '/amount'],
    ['negative', { ...good, amount: -1 }, 'amount_below_minimum', '/amount'],
    ['zero', { ...good, amount: 0 }, 'amount_below_minimum', '/amount'],
    ['over all tables', { ...good, amount: 2_000_000_000_000_000 }, 'amount_above_maximum', '/amount'],
    ['dollars', { ...good, currency: 'USD' }, 'currency_not_supported', '/currency'],
    ['number', { ...good, number: '+8613900000000' }, 'number_malformed', '/number'],
    ['unknown field', { ...good, amout: 1 }, 'field_unknown', '/amout'],
    ['nested', { ...good, nested: { 'a/b': 'long', x: 1 } }, 'field_invalid', '/nested/a~1b'],
    ['not an object', [], 'field_invalid', ''],
  ])('%s', (_name, body, code, pointer) => {
    const problem = problemOf(() => validate(schema, body));
    expect(problem.code).toBe(code);
    expect(problem.input.errors?.[0]).toMatchObject({ pointer, code });
  });

  test('every fault is listed, and none repeats a value', () => {
    const problem = problemOf(() =>
      validate(schema, { number: '13911112222x', amount: 1.5, currency: 'USD', more: 1 }),
    );
    expect(problem.input.errors?.map((one) => one.code).sort()).toEqual([
      'amount_not_integer',
      'currency_not_supported',
      'field_unknown',
      'number_malformed',
    ]);
    expect(JSON.stringify(problem.input)).not.toContain('13911112222');
  });

  test.each(['{', '', 'nope', '{"a":1}x'])('not JSON: %s', (text) => {
    expect(problemOf(() => parseJson(Buffer.from(text))).code).toBe('json_invalid');
  });
  test('not UTF-8', () => {
    expect(problemOf(() => parseJson(Buffer.from([0x22, 0xff, 0x22]))).code).toBe('json_invalid');
  });
});

describe('lists', () => {
  test('envelope', () => {
    expect(listOf('/v1/x', [1], 'c')).toEqual({
      object: 'list',
      url: '/v1/x',
      data: [1],
      has_more: true,
      next_cursor: 'c',
    });
    expect(listOf('/v1/x', [], null)).toMatchObject({ has_more: false, next_cursor: null });
  });

  test('a cursor is ours or refused', () => {
    const cursor = encodeCursor({ at: '5', id: 'x' });
    expect(decodeCursor(cursor, ['at', 'id'])).toEqual({ at: '5', id: 'x' });
    for (const wrong of ['%%%', 'e30', encodeCursor({ at: '5' })]) {
      expect(problemOf(() => decodeCursor(wrong, ['at', 'id'])).code).toBe('field_invalid');
    }
  });

  test('expand takes only the names listed', () => {
    const query = z.strictObject({ expand: expandQuery(['attempts', 'refunds']) });
    expect(validate(query, { expand: 'attempts,refunds' }, '/query')).toEqual({ expand: ['attempts', 'refunds'] });
    expect(validate(query, {}, '/query')).toEqual({});
    expect(problemOf(() => validate(query, { expand: 'secrets' }, '/query')).input.errors?.[0]?.pointer).toBe(
      '/query/expand',
    );
  });
});

test('cookies', () => {
  expect(readCookie('a=1; yd_portal=token; b=2', 'yd_portal')).toBe('token');
  expect(readCookie('xyd_portal=token', 'yd_portal')).toBeUndefined();
  expect(readCookie(undefined, 'a')).toBeUndefined();
  const cookie = sessionCookie('yd_portal', 't', { maxAge: 60, secure: true });
  expect(cookie).toBe('yd_portal=t; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure');
});
