import type { Stage } from '../e2e/stage';
import { collection, demoKeys, idempotent, smscSignature, type Knock } from './doors';

/** A bad request, and the documented code with which its door must answer. */
export interface BadInput {
  name: string;
  knock: (stage: Stage) => Knock;
  status: number;
  code: string;
  twice?: boolean;
}

const PAY = '/v1/payments';
const payment =
  (changes: object, extra: Partial<Knock> = {}) =>
  (stage: Stage): Knock => ({
    path: PAY,
    body: collection(changes),
    headers: idempotent(),
    key: demoKeys(stage).bank,
    ...extra,
  });
const minutes = (count: number) => Math.floor(Date.now() / 1000) + count * 60;

export const PARTNER_DOOR: BadInput[] = [
  {
    name: 'a number that nobody has',
    knock: (stage) => ({ path: '/v1/number_queries', body: { number: '13900000001' }, key: demoKeys(stage).bank }),
    status: 404,
    code: 'number_unknown',
  },
  {
    name: 'a collection for a number that nobody has',
    knock: payment({ number: '13900000001' }),
    status: 404,
    code: 'number_unknown',
  },
  { name: 'letters as a number', knock: payment({ number: '139abc' }), status: 400, code: 'number_malformed' },
  {
    name: 'a signature by another key',
    knock: (stage) => {
      const { bank, stranger } = demoKeys(stage);
      return { ...payment({})(stage), key: { ...stranger, keyId: bank.keyId } };
    },
    status: 401,
    code: 'signature_invalid',
  },
  { name: 'no signature', knock: payment({}, { key: undefined }), status: 401, code: 'signature_invalid' },
  {
    name: 'a key that nobody registered',
    knock: (stage) => ({ ...payment({})(stage), key: demoKeys(stage).stranger }),
    status: 401,
    code: 'key_unknown',
  },
  {
    name: 'a signature of ten minutes ago',
    knock: payment({}, { sign: { created: minutes(-10) } }),
    status: 401,
    code: 'signature_expired',
  },
  {
    name: 'a signature of the future',
    knock: payment({}, { sign: { created: minutes(10) } }),
    status: 401,
    code: 'signature_expired',
  },
  {
    name: 'a body changed on the way',
    knock: payment({}, { spoil: (request) => (request.body = request.body?.replace('5000', '5100')) }),
    status: 400,
    code: 'digest_mismatch',
  },
  {
    name: 'a request sent again by a thief',
    knock: (stage) => ({ method: 'GET', path: `${PAY}?reference=nothing`, key: demoKeys(stage).bank }),
    status: 401,
    code: 'nonce_reused',
    twice: true,
  },
  { name: 'no Idempotency-Key', knock: payment({}, { headers: {} }), status: 400, code: 'idempotency_key_missing' },
  { name: 'a negative amount', knock: payment({ amount: -5_000 }), status: 400, code: 'amount_below_minimum' },
  { name: 'no amount at all', knock: payment({ amount: 0 }), status: 400, code: 'amount_below_minimum' },
  { name: 'a fraction of a fen', knock: payment({ amount: 5000.5 }), status: 400, code: 'amount_not_integer' },
  { name: 'an amount in a string', knock: payment({ amount: '5000' }), status: 400, code: 'amount_not_integer' },
  {
    name: 'an amount beyond exact numbers',
    knock: payment({ amount: 2 ** 53 }),
    status: 400,
    code: 'amount_not_integer',
  },
  { name: 'less than a number takes', knock: payment({ amount: 100 }), status: 400, code: 'amount_below_minimum' },
  {
    name: 'more than a number takes',
    knock: payment({ amount: 90_000_000 }),
    status: 400,
    code: 'amount_above_maximum',
  },
  { name: 'dollars', knock: payment({ currency: 'USD' }), status: 400, code: 'currency_not_supported' },
  { name: 'a field that is not ours', knock: payment({ colour: 'red' }), status: 400, code: 'field_unknown' },
  { name: 'half a JSON', knock: payment({}, { body: '{"reference":' }), status: 400, code: 'json_invalid' },
  {
    name: 'a body of a megabyte',
    knock: payment({ metadata: { note: 'x'.repeat(1_000_000) } }),
    status: 413,
    code: 'body_too_large',
  },
  {
    name: 'a debit by a counter key',
    knock: payment({ funding: { type: 'agreement', agreement: 'agr_00000000' } }),
    status: 403,
    code: 'scope_missing',
  },
  {
    name: 'a refund of a payment that is not there',
    knock: payment(
      {},
      { path: '/v1/refunds', body: { payment: 'pay_26112200000000000000', amount: 100, reason: 'x' } },
    ),
    status: 404,
    code: 'not_found',
  },
];

export const CALLBACK_DOOR: BadInput[] = [
  {
    name: 'a callback without a signature',
    knock: () => ({ path: '/callbacks/bank_a', body: { event_id: 'x' } }),
    status: 401,
    code: 'signature_invalid',
  },
  {
    name: 'a callback signed by a stranger',
    knock: (stage) => ({
      path: '/callbacks/bank_a',
      body: { event_id: 'x', type: 'debit.succeeded', occurred_at: new Date().toISOString(), data: {} },
      key: { ...demoKeys(stage).stranger, keyId: demoKeys(stage).bankA.keyId },
    }),
    status: 401,
    code: 'signature_invalid',
  },
  {
    name: 'a signed callback that holds no event',
    knock: (stage) => ({ path: '/callbacks/bank_a', body: '[]', key: demoKeys(stage).bankA }),
    status: 400,
    code: 'field_invalid',
  },
  {
    name: 'a callback of a provider that we do not know',
    knock: () => ({ path: '/callbacks/nobody', body: {} }),
    status: 404,
    code: 'not_found',
  },
];

const mo = { id: 'bad-mo-1', from: '13800001234', to: '10086', text: '给妈妈充50', time: '2026-11-22T04:00:00.000Z' };

export const SMS_DOOR: BadInput[] = [
  {
    name: 'a message signed with another secret',
    knock: (stage) => ({
      path: '/channels/sms/mo',
      body: mo,
      headers: { 'x-smsc-signature': smscSignature(stage, JSON.stringify(mo), 'another secret of a stranger') },
    }),
    status: 401,
    code: 'signature_invalid',
  },
  {
    name: 'a message without a signature',
    knock: () => ({ path: '/channels/sms/mo', body: mo }),
    status: 401,
    code: 'signature_invalid',
  },
  {
    name: 'a signed message that is none',
    knock: (stage) => ({
      path: '/channels/sms/mo',
      body: '{}',
      headers: { 'x-smsc-signature': smscSignature(stage, '{}') },
    }),
    status: 400,
    code: 'sms_not_accepted',
  },
];

const portal = { 'x-requested-with': 'portal' };
const console_ = { 'x-requested-with': 'console' };

export const PAGES_DOOR: BadInput[] = [
  {
    name: 'a portal payment by nobody',
    knock: () => ({ path: '/v1/portal/payments', body: {}, headers: { ...portal, ...idempotent() } }),
    status: 401,
    code: 'session_required',
  },
  {
    name: 'a portal code that was never sent',
    knock: () => ({ path: '/v1/portal/sessions', body: { number: '13800001234', code: '000000' }, headers: portal }),
    status: 401,
    code: 'sign_in_failed',
  },
  {
    name: 'a code asked for letters',
    knock: () => ({ path: '/v1/portal/codes', body: { number: 'abc' }, headers: portal }),
    status: 400,
    code: 'number_malformed',
  },
  {
    name: 'the console without a session',
    knock: () => ({ method: 'GET', path: '/v1/finance/today' }),
    status: 401,
    code: 'session_required',
  },
  {
    name: 'the console with a wrong password',
    knock: () => ({
      path: '/v1/operator_sessions',
      body: { username: 'clerk.a', password: 'guess', totp: '000000' },
      headers: console_,
    }),
    status: 401,
    code: 'sign_in_failed',
  },
  {
    name: 'a page that does not exist',
    knock: () => ({ method: 'GET', path: '/v1/nothing' }),
    status: 404,
    code: 'not_found',
  },
];
