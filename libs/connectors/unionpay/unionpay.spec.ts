import { deflateSync } from 'node:zlib';
import type { Connector } from '../contract';
import { connectorConformance } from '../contract/conformance';
import { whole } from '../contract/played-file';
import { queried } from './played-scripts';
import { MER_ID, PlayedUnionPay, RSA, SM2 } from './played-unionpay';
import { packedFile, type WireFields } from './wire';
import { zipOf } from '../packed/wire-zip';
import { zmFile, zmName, zmRecord } from './wire-zm';

connectorConformance('unionpay', () => PlayedUnionPay.start(RSA));
connectorConformance('unionpay with SM2', () => PlayedUnionPay.start(SM2));

const ORDERED = new Date('2026-11-22T11:15:00+08:00');
const ORDER = {
  orderNo: '2611224321500731004201',
  amount: 5000n,
  currency: 'CNY',
  orderedAt: ORDERED,
  providerTxnId: '',
};
const CASHIER = {
  ...ORDER,
  orderNote: '话费充值{139****0000}&a=b',
  expiresInSeconds: 900,
  returnUrl: 'https://p.example/pay?x=1',
};
const DEBIT = { ...ORDER, agreementRef: 'agr_1', orderNote: '话费充值' };
const REFUND = {
  ...ORDER,
  orderNo: '26112243215007310042R01',
  amount: 2000n,
  orderedAt: new Date('2026-11-22T12:15:00+08:00'),
  kind: 'refund' as const,
  original: { ...ORDER, providerTxnId: '442611221115002678498' },
};
const BACK = '/gateway/api/backTransReq.do';
const QUERY = '/gateway/api/queryTrans.do';

let played: PlayedUnionPay;
let connector: Connector;
const signal = AbortSignal.timeout(60_000);
beforeEach(async () => {
  played = await PlayedUnionPay.start();
  connector = played.connector;
});
afterEach(() => played.close());

const says = (over: WireFields) => (path: string, asked: WireFields) =>
  path === QUERY ? { fields: { ...queried(asked, '00'), ...over } } : undefined;

describe('cashiers', () => {
  test('a page: a form that is signed here and posted by the payer’s browser; nobody is asked', async () => {
    const now = new Date('2026-11-22T11:15:01+08:00');
    const one = played.opened({}, () => now);
    const opened = await one.openCashier({ ...CASHIER, presentation: 'redirect' }, signal);
    await one.close();
    expect(opened).toMatchObject({ outcome: 'opened', expiresAt: new Date('2026-11-22T11:30:01+08:00') });
    const form = opened.outcome === 'opened' ? (opened.form ?? {}) : {};
    expect(opened.outcome === 'opened' && opened.payUrl).toBe(`${played.baseUrl}/gateway/api/frontTransReq.do`);
    expect(form).toEqual({
      version: '5.1.0',
      encoding: 'UTF-8',
      signMethod: '01',
      certId: '69903319369',
      merId: MER_ID,
      txnType: '01',
      txnSubType: '01',
      bizType: '000201',
      channelType: '07',
      accessType: '0',
      orderId: ORDER.orderNo,
      txnTime: '20261122111500',
      txnAmt: '5000',
      currencyCode: '156',
      orderDesc: '话费充值 139****0000  a b',
      payTimeout: '20261122113001',
      frontUrl: CASHIER.returnUrl,
      backUrl: 'https://gateway.example/callbacks/unionpay',
      signature: expect.any(String),
    });
    expect(played.isMerchants(form)).toBe(true);
    expect(played.isMerchants({ ...form, txnAmt: '1' })).toBe(false);
    expect(played.seen()).toBe(0);
  });

  test('a code, and the number that the kit in the app is called with', async () => {
    const code = await connector.openCashier({ ...CASHIER, presentation: 'qr' }, signal);
    expect(code).toMatchObject({ outcome: 'opened', payUrl: 'https://qr.95516.com/00010000/62122602160842540518' });
    expect(played.received(BACK)[0]).toMatchObject({
      txnType: '01',
      txnSubType: '07',
      bizType: '000000',
      txnAmt: '5000',
    });
    const app = await connector.openCashier({ ...CASHIER, presentation: 'app' }, signal);
    expect(app).toMatchObject({ outcome: 'opened', payUrl: '', app: { tn: '612345678901234567890' } });
    expect(played.received('/gateway/api/appTransReq.do')[0]).not.toHaveProperty('frontUrl');
  });

  test.each([
    ['10', 'not_executed'],
    ['31', 'not_executed'],
    ['12', 'unknown'],
    ['64', 'unknown'],
    ['', 'unknown'],
  ])('a code refused by %s is %s', async (respCode, outcome) => {
    played.answerBy((_path, asked) => ({ fields: { ...queried(asked, ''), respCode } }));
    expect(await connector.openCashier({ ...CASHIER, presentation: 'qr' }, signal)).toMatchObject({ outcome });
  });

  test('another currency never leaves', async () => {
    const dollars = { ...CASHIER, currency: 'USD', presentation: 'qr' as const };
    await expect(connector.openCashier(dollars, signal)).rejects.toMatchObject({ name: 'NotSent' });
    await expect(connector.debit({ ...DEBIT, currency: 'USD' }, signal)).rejects.toMatchObject({ name: 'NotSent' });
    expect(played.seen()).toBe(0);
  });
});

describe('orders', () => {
  test('known by number and time together', async () => {
    await connector.queryDebit(ORDER, signal);
    expect(played.received(QUERY)[0]).toMatchObject({
      txnType: '00',
      txnSubType: '00',
      merId: MER_ID,
      orderId: ORDER.orderNo,
      txnTime: '20261122111500',
    });
  });

  test('what a success says', async () => {
    expect(await connector.queryDebit(ORDER, signal)).toEqual({
      outcome: 'succeeded',
      orderNo: ORDER.orderNo,
      providerTxnId: '442611221115002678498',
      amount: 5000n,
      currency: 'CNY',
      businessDate: '2026-11-22',
      completedAt: ORDERED,
    });
  });

  test.each([
    ['00', 'succeeded'],
    ['A6', 'succeeded'],
    ['01', 'unknown'],
    ['03', 'unknown'],
    ['04', 'unknown'],
    ['05', 'unknown'],
    ['12', 'unknown'],
    ['34', 'unknown'],
    ['60', 'unknown'],
    ['99', 'unknown'],
    ['A90', 'unknown'],
    ['', 'unknown'],
    ['70', 'pending'],
    ['83', 'pending'],
    ['64', 'declined', 'insufficient_funds'],
    ['81', 'declined', 'limit'],
    ['73', 'declined', 'card_expired'],
    ['63', 'declined', 'account_closed'],
    ['66', 'declined', 'authentication_failed'],
    ['38', 'declined', 'risk_refused'],
    ['40', 'declined', 'agreement_ended'],
    ['69', 'declined', 'payer_cancelled'],
  ])('an order answered by %s is %s', async (origRespCode, outcome, reason = '') => {
    played.answerBy(says({ origRespCode }));
    expect(await connector.queryDebit(ORDER, signal)).toMatchObject({ outcome, ...(reason ? { reason } : {}) });
  });

  test.each<[string, WireFields, string]>([
    ['nobody knows it', { respCode: '34', origRespCode: '' }, 'not_found'],
    ['asked too often', { respCode: '37' }, 'unknown'],
    ['the question itself is unclear', { respCode: '03' }, 'unknown'],
    ['another number', { orderId: '99999999' }, 'unknown'],
    ['another time', { txnTime: '20261122111501' }, 'unknown'],
    ['nobody knows another number', { respCode: '34', orderId: '99999999' }, 'unknown'],
    ['no sum', { txnAmt: '' }, 'unknown'],
    ['a sum with a point', { txnAmt: '50.00' }, 'unknown'],
    ['no number of its own', { queryId: '' }, 'unknown'],
    ['dollars', { currencyCode: '840' }, 'unknown'],
    ['no currency', { currencyCode: '' }, 'unknown'],
  ])('%s', async (_what, over, outcome) => {
    played.answerBy(says(over));
    expect(await connector.queryDebit(ORDER, signal)).toMatchObject({ outcome });
  });

  test('at New Year the accounting day is in the year nearest to the order', async () => {
    const order = { ...ORDER, orderedAt: new Date('2026-12-31T23:30:00+08:00') };
    played.answerBy(says({ settleDate: '0101', traceTime: '1231233001' }));
    expect(await connector.queryDebit(order, signal)).toMatchObject({
      businessDate: '2027-01-01',
      completedAt: new Date('2026-12-31T23:30:01+08:00'),
    });
  });

  test('an answer about another merchant is none', async () => {
    played.answerBy(says({ merId: '777290058110049' }));
    await expect(connector.queryDebit(ORDER, signal)).rejects.toThrow('another merchant');
  });

  test('an answer signed by a certificate that does not lead to our root is none', async () => {
    played.signer = SM2.signer;
    await expect(connector.queryDebit(ORDER, signal)).rejects.toThrow('algorithm_refused');
  });
});

describe('debits under an agreement', () => {
  test('collected by the binding; accepted is not taken', async () => {
    expect(await connector.debit(DEBIT, signal)).toEqual({ outcome: 'pending' });
    expect(played.received(BACK)[0]).toMatchObject({
      txnType: '11',
      txnSubType: '03',
      bizType: '000501',
      bindId: 'agr_1',
      orderId: ORDER.orderNo,
      txnTime: '20261122111500',
      txnAmt: '5000',
      currencyCode: '156',
      backUrl: 'https://gateway.example/callbacks/unionpay',
    });
  });

  test.each([
    ['03', 'unknown'],
    ['12', 'unknown'],
    ['11', 'not_executed'],
    ['13', 'not_executed'],
    ['64', 'declined'],
    ['40', 'declined'],
    ['45', 'unknown'],
  ])('answered by %s it is %s', async (respCode, outcome) => {
    played.answerBy((_path, asked) => ({ fields: { ...queried(asked, ''), respCode } }));
    expect(await connector.debit(DEBIT, signal)).toMatchObject({ outcome });
  });

  test('an acceptance of another sum is none', async () => {
    played.answerBy((_path, asked) => ({ fields: { ...queried(asked, ''), txnAmt: '5001' } }));
    expect(await connector.debit(DEBIT, signal)).toMatchObject({ outcome: 'unknown' });
  });
});

describe('money back', () => {
  test('a refund names UnionPay’s number of the order, a reversal is of another type', async () => {
    expect(await connector.refund(REFUND, signal)).toEqual({ outcome: 'pending' });
    expect(await connector.refund({ ...REFUND, amount: 5000n, kind: 'reversal' }, signal)).toEqual({
      outcome: 'pending',
    });
    const common = { orderId: REFUND.orderNo, txnTime: '20261122121500', origQryId: '442611221115002678498' };
    expect(played.received(BACK)).toMatchObject([
      { ...common, txnType: '04', txnAmt: '2000' },
      { ...common, txnType: '31', txnAmt: '5000' },
    ]);
  });

  test('a number that nobody has heard yet is asked for; unpaid, nothing leaves', async () => {
    const unheard = { ...REFUND, original: ORDER };
    expect(await connector.refund(unheard, signal)).toEqual({ outcome: 'pending' });
    expect(played.received(BACK)[0]).toMatchObject({ origQryId: '442611221115002678498' });
    played.answerBy(says({ origRespCode: '05' }));
    await expect(connector.refund(unheard, signal)).rejects.toMatchObject({ name: 'NotSent' });
    expect(played.received(BACK)).toHaveLength(1);
  });

  test('sent again it may have been done before: a refused signature says nothing', async () => {
    played.answerBy((_path, asked) => ({ fields: { ...queried(asked, ''), txnAmt: '2000', respCode: '11' } }));
    expect(await connector.refund(REFUND, signal)).toMatchObject({ outcome: 'unknown' });
    played.answerBy((_path, asked) => ({ fields: { ...queried(asked, ''), txnAmt: '2000', origQryId: '1' } }));
    expect(await connector.refund(REFUND, signal)).toMatchObject({ outcome: 'unknown' });
  });

  test('asked about under its own number and time', async () => {
    played.answerBy(says({ txnAmt: '2000' }));
    expect(await connector.queryRefund(REFUND, signal)).toMatchObject({ outcome: 'succeeded', amount: 2000n });
    expect(played.received(QUERY)[0]).toMatchObject({ orderId: REFUND.orderNo, txnTime: '20261122121500' });
  });
});

describe('agreements', () => {
  const LIMITS = { payment: 20_000n, day: 50_000n, month: 100_000n, currency: 'CNY' };
  const request = {
    agreementNo: 'agr_1',
    numberMasked: '138****1234',
    blind: 'b',
    returnUrl: 'https://p.example/a',
    limits: LIMITS,
  };
  const ref = { agreementNo: 'agr_1', agreementRef: '' };
  const signed = { agreementNo: 'agr_1', agreementRef: 'agr_1' };
  const state = (over: WireFields) =>
    played.answerBy((_path, asked) => ({ fields: { ...queried(asked, ''), bindId: 'agr_1', ...over } }));

  test('signed at UnionPay’s page, under our number', async () => {
    const started = await connector.startAgreement(request, signal);
    const form = started.outcome === 'started' ? (started.form ?? {}) : {};
    expect(started).toMatchObject({ signUrl: `${played.baseUrl}/gateway/api/frontTransReq.do` });
    expect(form).toMatchObject({
      txnType: '72',
      txnSubType: '01',
      bizType: '000501',
      orderId: '0000agr1',
      bindId: 'agr_1',
    });
    expect(played.isMerchants(form)).toBe(true);
  });

  test.each<[string, WireFields, object, object]>([
    ['open', { activateStatus: '1', accNo: '621626********0018' }, ref, { outcome: 'active', accountTail: '0018' }],
    ['open, the card sealed', { activateStatus: '1', accNo: 'cDg4==' }, ref, { outcome: 'active', accountTail: '' }],
    ['not open yet', { activateStatus: '0' }, ref, { outcome: 'pending' }],
    ['not open any more', { activateStatus: '0' }, signed, { outcome: 'ended' }],
    ['not known yet', { respCode: '34' }, ref, { outcome: 'pending' }],
    ['not known any more', { respCode: '40' }, signed, { outcome: 'ended' }],
    ['a status nobody listed', { activateStatus: '7' }, ref, { outcome: 'unknown' }],
    ['no status', {}, ref, { outcome: 'unknown' }],
    ['not answered', { respCode: '03' }, ref, { outcome: 'unknown' }],
    ['another agreement', { activateStatus: '1', bindId: 'agr_2' }, ref, { outcome: 'unknown' }],
  ])('%s', async (_what, over, asked, answer) => {
    state(over);
    expect(await connector.queryAgreement(asked as typeof ref, signal)).toMatchObject(answer);
    expect(played.received(BACK)[0]).toMatchObject({ txnType: '78', txnSubType: '20', bindId: 'agr_1' });
  });

  test('ended on its own word, else as it stands', async () => {
    state({});
    expect(await connector.endAgreement(signed, signal)).toEqual({ outcome: 'ended' });
    expect(played.received(BACK)[0]).toMatchObject({ txnType: '74', txnSubType: '04', bindId: 'agr_1' });
    played.answerBy((_path, asked) => {
      const over: WireFields = asked['txnType'] === '74' ? { respCode: '03' } : { activateStatus: '1' };
      return { fields: { ...queried(asked, ''), bindId: 'agr_1', ...over } };
    });
    expect(await connector.endAgreement(signed, signal)).toMatchObject({ outcome: 'active' });
  });
});

describe('notifications', () => {
  const callbacks = () => connector.callbacks;
  const event = (said: WireFields) => callbacks().read(played.notice(said).body);

  test.each<[string, WireFields, object]>([
    ['paid', {}, { type: 'debit', answer: { outcome: 'succeeded', amount: 5000n, businessDate: '2026-11-22' } }],
    ['collected', { txnType: '11' }, { type: 'debit', answer: { outcome: 'succeeded' } }],
    ['refused', { txnType: '11', respCode: '64' }, { type: 'debit', answer: { outcome: 'declined' } }],
    ['unclear', { txnType: '11', respCode: '05' }, { type: 'debit', answer: { outcome: 'unknown' } }],
    ['refunded', { txnType: '04' }, { type: 'refund', answer: { outcome: 'succeeded' } }],
    ['reversed', { txnType: '31' }, { type: 'refund', answer: { outcome: 'succeeded' } }],
    ['dollars', { currencyCode: '840' }, { type: 'debit', answer: { outcome: 'unknown' } }],
    [
      'signed',
      { txnType: '72', bindId: 'agr_1' },
      {
        type: 'agreement',
        orderNo: 'agr_1',
        answer: { outcome: 'active', agreementRef: 'agr_1', accountTail: '0018' },
      },
    ],
    ['not signed', { txnType: '72', bindId: 'agr_1', respCode: '66' }, { answer: { outcome: 'unknown' } }],
    ['ended', { txnType: '74', bindId: 'agr_1' }, { type: 'agreement', answer: { outcome: 'ended' } }],
  ])('%s', async (_what, said, expected) => {
    expect(await callbacks().verify(played.notice(said))).toEqual({ verified: true });
    expect(event(said)).toMatchObject(expected);
  });

  test('a kind that we do not use is stored and means nothing', () => {
    const { body } = played.notice({ txnType: '02' });
    expect(callbacks().eventId(body)).toBe('02.2611224321500731004201.20261122111500.00');
    expect(callbacks().read(body)).toBeNull();
  });

  test('told again it is the same event; refused and paid are two', () => {
    const first = callbacks().eventId(played.notice({}).body);
    expect(callbacks().eventId(played.notice({}).body)).toBe(first);
    expect(callbacks().eventId(played.notice({ respCode: '64' }).body)).not.toBe(first);
  });

  test.each([
    ['altered_byte', 'signature_invalid'],
    ['wrong_key', 'signature_invalid'],
    ['no_signature', 'signature_missing'],
    ['unknown_certificate', 'certificate_untrusted'],
    ['algorithm_downgrade', 'algorithm_refused'],
    ['duplicate_parameter', 'parameter_twice'],
    ['other_charset', 'charset_refused'],
  ] as const)('%s is told as %s', async (how, fault) => {
    const bad = played.damaged(how, ORDER.orderNo, 5000n);
    expect(bad && (await callbacks().verify(bad))).toMatchObject({ verified: false, fault });
  });

  test('the charset of the header counts as well; about another merchant is not about us', async () => {
    const good = played.notice({});
    const gbk = { ...good, headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=GBK' } };
    expect(await callbacks().verify(gbk)).toMatchObject({ fault: 'charset_refused' });
    const foreign = played.notice({ merId: '777290058110049' });
    expect(await callbacks().verify(foreign)).toMatchObject({ verified: false, fault: 'malformed' });
  });

  test('certificates alone verify; what must be sent surely does not leave', async () => {
    const off = { merchantPrivateKeyPem: undefined, merchantCertificatePem: undefined, merId: undefined };
    const one = played.opened(off);
    expect(await one.callbacks.verify(played.callback(ORDER.orderNo, 5000n))).toEqual({ verified: true });
    await expect(one.queryDebit(ORDER, signal)).rejects.toMatchObject({ name: 'NotSent' });
    await one.close();
  });
});

describe('statement', () => {
  const zip = zipOf([
    {
      name: zmName('ZM', '2026-11-22', MER_ID),
      content: zmFile([
        zmRecord({ ...ORDER, at: ORDERED, txnType: '01', queryId: '442611221115002678498', fee: 0n }, MER_ID),
      ]),
    },
  ]);
  const file = (over: WireFields) => () => ({
    fields: { merId: MER_ID, txnType: '76', respCode: '00', settleDate: '1122', fileContent: packedFile(zip), ...over },
  });
  const at = (time: string) => played.opened({}, () => new Date(`${time}+08:00`));

  test('the zip inside the deflated field, under the name it was given', async () => {
    played.answerBy(file({ fileName: '777290058110048_20261122.zip' }));
    expect(await whole(connector.fetchStatement('2026-11-22', signal))).toEqual({
      state: 'ready',
      fileName: '777290058110048_20261122.zip',
      content: zip,
    });
    expect(played.received('/')[0]).toMatchObject({
      txnType: '76',
      txnSubType: '01',
      fileType: '00',
      settleDate: '1122',
      merId: MER_ID,
    });
    played.answerBy(file({ fileName: '../../etc/passwd' }));
    expect(await whole(connector.fetchStatement('2026-11-22', signal))).toMatchObject({
      fileName: '2026-11-22.unionpay.zip',
    });
  });

  test.each([
    ['2026-11-23T09:00:00', 'not_ready'],
    ['2026-11-24T20:00:00', 'not_ready'],
    ['2026-11-26T09:00:00', 'none_today'],
  ])('no file at %s is %s', async (time, state) => {
    played.answerBy(file({ respCode: '98', fileContent: '' }));
    const one = at(time);
    expect(await whole(one.fetchStatement('2026-11-22', signal))).toEqual({ state });
    await one.close();
  });

  test.each<[string, WireFields, RegExp]>([
    ['refused', { respCode: '32' }, /answer code 32/],
    ['another day', { settleDate: '1121' }, /another day/],
    ['nothing in it', { fileContent: '' }, /without fileContent/],
    ['not deflated', { fileContent: zip.toString('base64') }, /header/],
    ['cut', { fileContent: deflateSync(zip).subarray(0, 40).toString('base64') }, /unexpected end/],
  ])('%s is no file', async (_what, over, message) => {
    played.answerBy(file(over));
    await expect(whole(connector.fetchStatement('2026-11-22', signal))).rejects.toThrow(message);
  });
});
