import { createPublicKey } from 'node:crypto';
import { AlipaySdk } from 'alipay-sdk';
import type { Connector } from '../contract';
import { connectorConformance } from '../contract/conformance';
import { whole } from '../contract/played-file';
import { APP, PLAYED_KEYS, PlayedAlipay } from './played-alipay';
import { refusedNode, TRADE_NO, type Node } from './played-scripts';
import { membersOf, wordOf } from './raw-json';
import { readRequest, signedAnswer } from './wire';

connectorConformance('alipay', () => PlayedAlipay.start());

const ORDER = {
  orderNo: '2611224321500731004201',
  amount: 5000n,
  currency: 'CNY',
  orderedAt: new Date(0),
  providerTxnId: '',
};
const CASHIER = {
  ...ORDER,
  orderNote: '话费充值 139****0000',
  expiresInSeconds: 900,
  returnUrl: 'https://p.example/pay?x=1',
};
const DEBIT = { ...ORDER, agreementRef: '20215919764488921116', orderNote: '话费/充值&=' };
const REFUND = {
  ...ORDER,
  orderNo: '26112243215007310042R01',
  amount: 2000n,
  kind: 'refund' as const,
  original: ORDER,
};
const LIMITS = { payment: 20_000n, day: 50_000n, month: 100_000n, currency: 'CNY' };
const AGREEMENT = { agreementNo: 'agr_1', numberMasked: '138****1234', blind: 'b', returnUrl: '', limits: LIMITS };
/** 12:00 in Beijing, whatever the clock of this machine says. */
const NOON = () => new Date('2026-11-22T04:00:00Z');

let played: PlayedAlipay;
let connector: Connector;
const signal = AbortSignal.timeout(60_000);
beforeEach(async () => {
  played = await PlayedAlipay.start();
  connector = played.connector;
});
afterEach(() => played.close());

const answered = (node: Node) => played.answerBy(() => ({ node }));
const paidNode = (over: object = {}): Node => ({
  ...{ code: '10000', msg: 'Success', out_trade_no: ORDER.orderNo, trade_no: TRADE_NO },
  ...{ trade_status: 'TRADE_SUCCESS', total_amount: '50.00', send_pay_date: '2026-11-22 12:00:00', ...over },
});
const signedFor = (address: string) =>
  readRequest(new URL(address).search, '', { appId: APP.appId, key: createPublicKey(PLAYED_KEYS.our) });

describe('cashiers', () => {
  test('a code: sum in yuan, closing time in Beijing, where to call back', async () => {
    const timed = played.opened({}, NOON);
    const opened = await timed.openCashier({ ...CASHIER, presentation: 'qr' }, signal);
    expect(opened).toMatchObject({ outcome: 'opened', payUrl: 'https://qr.alipay.com/bax1' });
    const [asked] = played.received('alipay.trade.precreate');
    expect(asked?.biz).toEqual({
      out_trade_no: ORDER.orderNo,
      total_amount: '50.00',
      subject: '话费充值 139****0000',
      product_code: 'FACE_TO_FACE_PAYMENT',
      time_expire: '2026-11-22 12:15:00',
    });
    expect(asked?.fields).toMatchObject({
      app_id: APP.appId,
      charset: 'utf-8',
      sign_type: 'RSA2',
      timestamp: '2026-11-22 12:00:00',
      notify_url: 'https://gateway.example/callbacks/alipay',
    });
    await timed.close();
  });

  test.each([
    ['page', 'alipay.trade.page.pay', 'FAST_INSTANT_TRADE_PAY'],
    ['wap', 'alipay.trade.wap.pay', 'QUICK_WAP_WAY'],
  ])('an address of the %s, signed by our key, brings the payer back to us', async (redirectTo, method, product) => {
    const own = played.opened({ redirectTo });
    const opened = await own.openCashier({ ...CASHIER, presentation: 'redirect' }, signal);
    const address = opened.outcome === 'opened' ? opened.payUrl : '';
    expect(address.startsWith(`${played.origin}/gateway.do?`)).toBe(true);
    expect(signedFor(address)).toMatchObject({
      method,
      fields: { return_url: 'https://p.example/pay?x=1', notify_url: 'https://gateway.example/callbacks/alipay' },
      biz: { out_trade_no: ORDER.orderNo, total_amount: '50.00', product_code: product },
    });
    expect(played.seen()).toBe(0);
    await own.close();
  });

  test('the text for the kit in an app is signed by our key', async () => {
    const opened = await connector.openCashier({ ...CASHIER, presentation: 'app' }, signal);
    expect(opened).toMatchObject({ outcome: 'opened', payUrl: '' });
    const text = opened.outcome === 'opened' ? (opened.app?.['orderString'] ?? '') : '';
    expect(signedFor(`https://x.example/?${text}`)).toMatchObject({
      method: 'alipay.trade.app.pay',
      biz: { product_code: 'QUICK_MSECURITY_PAY', total_amount: '50.00' },
    });
  });

  test('what is refused before it began is not executed, anything else is not known', async () => {
    answered(refusedNode('40002', 'isv.invalid-signature'));
    expect(await connector.openCashier({ ...CASHIER, presentation: 'qr' }, signal)).toEqual({
      outcome: 'not_executed',
      cause: 'isv.invalid-signature',
    });
    answered(refusedNode('40004', 'ACQ.SYSTEM_ERROR'));
    expect(await connector.openCashier({ ...CASHIER, presentation: 'qr' }, signal)).toMatchObject({
      outcome: 'unknown',
    });
  });
});

describe('orders', () => {
  test.each([
    [{ trade_status: 'TRADE_SUCCESS' }, 'succeeded'],
    [{ trade_status: 'TRADE_FINISHED' }, 'succeeded'],
    [{ trade_status: 'TRADE_CLOSED' }, 'succeeded'], // paid once, then given back wholly
    [{ trade_status: 'TRADE_CLOSED', send_pay_date: '', receipt_amount: '50.00' }, 'succeeded'],
    [{ trade_status: 'TRADE_CLOSED', send_pay_date: '', buyer_pay_amount: '0.00' }, 'declined'],
    [{ trade_status: 'WAIT_BUYER_PAY' }, 'pending'],
    [{ trade_status: 'FAIL' }, 'unknown'],
    [{ trade_status: '' }, 'unknown'],
    [{ total_amount: undefined }, 'unknown'],
    [{ total_amount: '50.005' }, 'unknown'],
    [{ total_amount: '5e1' }, 'unknown'],
    [{ trade_no: undefined }, 'unknown'],
  ])('asked about, with %j: %s', async (over, outcome) => {
    answered(paidNode(over));
    expect(await connector.queryDebit(ORDER, signal)).toMatchObject({ outcome });
  });

  test('sum, currency, transaction and time are those of the answer', async () => {
    answered(paidNode({ total_amount: '50.1', trans_currency: 'USD' }));
    expect(await connector.queryDebit(ORDER, signal)).toEqual({
      outcome: 'succeeded',
      orderNo: ORDER.orderNo,
      providerTxnId: TRADE_NO,
      amount: 5010n,
      currency: 'USD',
      businessDate: '2026-11-22',
      completedAt: new Date('2026-11-22T04:00:00Z'),
    });
    answered(paidNode({ total_amount: 88.8 })); // a bare number is read by its text
    expect(await connector.queryDebit(ORDER, signal)).toMatchObject({ amount: 8880n });
    answered(paidNode({ send_pay_date: undefined }));
    expect(await connector.queryDebit(ORDER, signal)).toMatchObject({ outcome: 'succeeded', businessDate: null });
  });

  test('closed on its own word; paid before is told as paid; never seen is told so', async () => {
    expect(await connector.closeCashier(ORDER, signal)).toEqual({ outcome: 'closed' });
    expect(played.received('alipay.trade.close')[0]?.biz).toEqual({ out_trade_no: ORDER.orderNo });
    played.answerBy(({ method }) =>
      method === 'alipay.trade.close' ? { node: refusedNode('40004', 'ACQ.TRADE_STATUS_ERROR') } : { node: paidNode() },
    );
    expect(await connector.closeCashier(ORDER, signal)).toMatchObject({ outcome: 'succeeded', amount: 5000n });
    answered(refusedNode('40004', 'ACQ.TRADE_NOT_EXIST'));
    expect(await connector.closeCashier(ORDER, signal)).toEqual({ outcome: 'not_found' });
    answered(refusedNode('20000', 'isp.unknow-error'));
    expect(await connector.closeCashier(ORDER, signal)).toMatchObject({ outcome: 'unknown' });
    answered({ code: '10000', msg: 'Success', out_trade_no: 'X1', trade_no: TRADE_NO });
    expect(await connector.closeCashier(ORDER, signal)).toMatchObject({ outcome: 'unknown' });
  });
});

describe('debits under an agreement', () => {
  test('name agreement and product, and nothing that Alipay refuses in a subject', async () => {
    expect(await connector.debit(DEBIT, signal)).toMatchObject({ outcome: 'succeeded', amount: 5000n });
    expect(played.received('alipay.trade.pay')[0]?.biz).toEqual({
      out_trade_no: ORDER.orderNo,
      total_amount: '50.00',
      subject: '话费 充值  ',
      product_code: 'GENERAL_WITHHOLDING',
      agreement_params: { agreement_no: '20215919764488921116' },
    });
  });

  test.each([
    ['ACQ.BUYER_BALANCE_NOT_ENOUGH', 'declined', 'insufficient_funds'],
    ['ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR', 'declined', 'limit'],
    ['ACQ.AGREEMENT_NOT_EXIST', 'declined', 'agreement_ended'],
    ['ACQ.BUYER_ENABLE_STATUS_FORBID', 'declined', 'account_closed'],
    ['ACQ.PAYMENT_REQUEST_HAS_RISK', 'declined', 'risk_refused'],
    ['ACQ.PAYMENT_FAIL', 'declined', 'other'],
    ['ACQ.INVALID_PARAMETER', 'not_executed', undefined],
    ['ACQ.SYSTEM_ERROR', 'unknown', undefined],
    ['ACQ.TRADE_HAS_SUCCESS', 'unknown', undefined], // the number was used before: asking tells for what
    ['ACQ.CONTEXT_INCONSISTENT', 'unknown', undefined],
    ['', 'unknown', undefined],
  ])('refused with %s: %s %s', async (subCode, outcome, reason) => {
    answered(refusedNode('40004', subCode));
    expect(await connector.debit(DEBIT, signal)).toMatchObject({ outcome, ...(reason ? { reason } : {}) });
  });

  test.each([
    ['10003', '', 'pending'],
    ['20000', 'isp.unknow-error', 'unknown'],
    ['20000', 'ACQ.BUYER_BALANCE_NOT_ENOUGH', 'unknown'],
    ['40001', 'isv.missing-signature', 'not_executed'],
    ['40005', 'isv.app-call-limited-1', 'unknown'],
    ['40006', 'isv.insufficient-isv-permissions', 'not_executed'],
    ['', '', 'unknown'],
  ])('answered %s %s: %s', async (code, subCode, outcome) => {
    answered(refusedNode(code, subCode));
    expect(await connector.debit(DEBIT, signal)).toMatchObject({ outcome });
  });

  test('accepted without a time of payment is pending', async () => {
    answered({ code: '10000', msg: 'Success', out_trade_no: ORDER.orderNo, trade_no: TRADE_NO, total_amount: '50.00' });
    expect(await connector.debit(DEBIT, signal)).toEqual({ outcome: 'pending' });
  });

  test('without our key surely nothing leaves us', async () => {
    const mute = played.opened({ appPrivateKey: undefined });
    await expect(mute.debit(DEBIT, signal)).rejects.toMatchObject({ name: 'NotSent' });
    expect(() => played.opened({ appPrivateKey: 'AAAA' })).toThrow('appPrivateKey is no RSA private key');
    expect(() => played.opened({ appId: undefined })).toThrow('appId is missing');
    await mute.close();
  });
});

describe('refunds', () => {
  test('go by our number; what went back is asked for, since the answer sums the whole trade', async () => {
    expect(await connector.refund(REFUND, signal)).toMatchObject({
      outcome: 'succeeded',
      orderNo: REFUND.orderNo,
      amount: 2000n,
      completedAt: new Date('2026-11-22T05:00:00Z'),
    });
    expect(played.received('alipay.trade.refund')[0]?.biz).toEqual({
      out_trade_no: ORDER.orderNo,
      refund_amount: '20.00',
      out_request_no: REFUND.orderNo,
    });
    expect(played.received('alipay.trade.fastpay.refund.query')[0]?.biz).toMatchObject({
      out_trade_no: ORDER.orderNo,
      out_request_no: REFUND.orderNo,
    });
  });

  test('a question without a refund in its answer found none; after an accepted one it is under way', async () => {
    const none = { code: '10000', msg: 'Success' };
    answered(none);
    expect(await connector.queryRefund(REFUND, signal)).toEqual({ outcome: 'not_found' });
    played.answerBy(({ method }) => (method === 'alipay.trade.fastpay.refund.query' ? { node: none } : undefined));
    expect(await connector.refund(REFUND, signal)).toEqual({ outcome: 'pending' });
  });

  test.each([
    ['ACQ.SELLER_BALANCE_NOT_ENOUGH', 'declined'],
    ['ACQ.REASON_TRADE_REFUND_FEE_ERR', 'declined'],
    ['ACQ.TRADE_HAS_FINISHED', 'declined'],
    ['ACQ.DISCORDANT_REPEAT_REQUEST', 'unknown'], // the number was used before for something else
    ['ACQ.TRADE_NOT_EXIST', 'unknown'],
    ['ACQ.SYSTEM_ERROR', 'unknown'],
  ])('refused with %s: %s', async (subCode, outcome) => {
    answered(refusedNode('40004', subCode));
    expect(await connector.refund(REFUND, signal)).toMatchObject({ outcome });
  });

  const REVERSAL = { ...REFUND, orderNo: '26112243215007310042V01', amount: 5000n, kind: 'reversal' as const };
  const cancels = (node: object, order: Node) =>
    played.answerBy(({ method, biz }) =>
      method === 'alipay.trade.cancel'
        ? { node: { code: '10000', msg: 'Success', out_trade_no: biz['out_trade_no'], retry_flag: 'N', ...node } }
        : { node: order },
    );

  test.each([
    [{ action: 'refund' }, paidNode({ trade_status: 'TRADE_CLOSED' }), 'succeeded'],
    [{ action: 'refund' }, paidNode(), 'pending'],
    [{ action: 'close' }, paidNode({ trade_status: 'TRADE_CLOSED', send_pay_date: undefined }), 'not_executed'],
    [{ retry_flag: 'Y' }, paidNode(), 'pending'],
    [{ out_trade_no: 'X1' }, paidNode(), 'unknown'],
    [{}, paidNode({ trade_status: 'WAIT_BUYER_PAY' }), 'unknown'],
    [{}, paidNode({ trade_status: 'TRADE_CLOSED', out_trade_no: 'X1' }), 'unknown'],
  ])('a whole order cancelled with %j: %#', async (node, order, outcome) => {
    cancels(node, order);
    const answer = await connector.refund(REVERSAL, signal);
    expect(answer).toMatchObject({ outcome });
    if (outcome === 'succeeded') expect(answer).toMatchObject({ orderNo: REVERSAL.orderNo, amount: 5000n });
  });

  test('a cancellation is asked about by its order', async () => {
    answered(paidNode());
    expect(await connector.queryRefund(REVERSAL, signal)).toEqual({ outcome: 'not_found' });
    answered(paidNode({ trade_status: 'TRADE_CLOSED' }));
    expect(await connector.queryRefund(REVERSAL, signal)).toMatchObject({ outcome: 'succeeded', amount: 5000n });
  });
});

describe('agreements', () => {
  test('are signed on Alipay’s own page, which is addressed and signed here', async () => {
    const started = await connector.startAgreement(AGREEMENT, signal);
    const address = started.outcome === 'started' ? started.signUrl : '';
    expect(signedFor(address)).toMatchObject({
      method: 'alipay.user.agreement.page.sign',
      biz: {
        personal_product_code: 'GENERAL_WITHHOLDING_P',
        product_code: 'GENERAL_WITHHOLDING',
        sign_scene: 'INDUSTRY|CARRIER',
        access_params: { channel: 'ALIPAYAPP' },
        external_agreement_no: 'agr_1',
        external_logon_id: '138****1234',
      },
    });
    expect(() => played.opened({ agreement: { signScene: 'DEFAULT|DEFAULT' } })).toThrow();
  });

  const agreement = (over: object = {}): Node => ({
    ...{ code: '10000', msg: 'Success', external_agreement_no: 'agr_1', agreement_no: '20215919764488921116' },
    ...{ status: 'NORMAL', alipay_logon_id: '180****3990', ...over },
  });

  test.each([
    [agreement(), 'active'],
    [agreement({ status: 'TEMP' }), 'pending'],
    [agreement({ status: 'STOP' }), 'ended'],
    [agreement({ status: 'SLEEPS' }), 'unknown'],
    [agreement({ agreement_no: undefined }), 'unknown'],
    [agreement({ external_agreement_no: 'agr_2' }), 'unknown'],
    [refusedNode('40004', 'USER_AGREEMENT_NOT_EXIST'), 'pending'],
    [refusedNode('40004', 'SYSTEM_ERROR'), 'unknown'],
  ])('asked about before it is known: %#', async (node, outcome) => {
    answered(node);
    const asked = { agreementNo: 'agr_1', agreementRef: '' };
    expect(await connector.queryAgreement(asked, signal)).toMatchObject({ outcome });
    expect(played.received('alipay.user.agreement.query')[0]?.biz).toEqual({
      external_agreement_no: 'agr_1',
      personal_product_code: 'GENERAL_WITHHOLDING_P',
      sign_scene: 'INDUSTRY|CARRIER',
    });
  });

  test('ended on Alipay’s word, and also when there is none any more', async () => {
    const known = { agreementNo: 'agr_1', agreementRef: '20215919764488921116' };
    answered({ code: '10000', msg: 'Success' });
    expect(await connector.endAgreement(known, signal)).toEqual({ outcome: 'ended' });
    expect(played.received('alipay.user.agreement.unsign')[0]?.biz).toEqual({ agreement_no: '20215919764488921116' });
    answered(refusedNode('40004', 'USER_AGREEMENT_NOT_EXIST'));
    expect(await connector.endAgreement(known, signal)).toEqual({ outcome: 'ended' });
    expect(await connector.queryAgreement(known, signal)).toEqual({ outcome: 'ended' });
    answered(refusedNode('40004', 'SYSTEM_ERROR'));
    expect(await connector.endAgreement(known, signal)).toMatchObject({ outcome: 'unknown' });
  });
});

describe('bills', () => {
  const zip = Buffer.from('PK\u0003\u0004 a zip', 'latin1');
  const METHOD = 'alipay.data.dataservice.bill.downloadurl.query';
  const serve = (address: string, content = zip) => {
    played.hold('/bill', content);
    answered({ code: '10000', msg: 'Success', bill_download_url: address });
  };

  test.each(['trade', 'signcustomer'] as const)('of %s, as it was sent', async (bill) => {
    const own = played.opened({ bill });
    serve(`${played.origin}/bill?token=a%2Fb`);
    expect(await whole(own.fetchStatement('2026-11-22', signal))).toEqual({
      state: 'ready',
      fileName: `2026-11-22.alipay-${bill}.zip`,
      content: zip,
    });
    expect(played.received(METHOD)[0]?.biz).toEqual({ bill_type: bill, bill_date: '2026-11-22' });
    await own.close();
  });

  test.each(['isp.bill_not_exist', 'BILL_NOT_EXIST', 'NO_BILL_DATA', 'isv.bill-not-exist'])(
    '%s: before bills are made it is not there yet, afterwards there is none',
    async (subCode) => {
      answered(refusedNode('40004', subCode));
      const at = async (time: string) => {
        const timed = played.opened({}, () => new Date(time));
        const file = await whole(timed.fetchStatement('2026-11-22', signal));
        await timed.close();
        return file;
      };
      expect(await at('2026-11-23T01:59:59Z')).toEqual({ state: 'not_ready' });
      expect(await at('2026-11-23T02:00:00Z')).toEqual({ state: 'none_today' });
    },
  );

  test('another error, another address, no zip: thrown', async () => {
    answered(refusedNode('40004', 'invalid_arguments'));
    await expect(whole(connector.fetchStatement('2026-11-22', signal))).rejects.toThrow('invalid_arguments');
    for (const address of ['http://127.0.0.1:1/bill', 'https://alipay.com.example/bill', 'https://alipay.com:444/b']) {
      serve(address);
      await expect(whole(connector.fetchStatement('2026-11-22', signal))).rejects.toThrow('strange address');
    }
    serve(`${played.origin}/bill`, Buffer.from('<html>'));
    await expect(whole(connector.fetchStatement('2026-11-22', signal))).rejects.toThrow('no zip');
  });
});

describe('the text of an answer', () => {
  const raw = async (text: string) => {
    played.answerBy(() => ({ status: 200, text }));
    return connector.queryDebit(ORDER, signal);
  };

  test('is signed as it stands; a second node of the same name is refused', async () => {
    const node = paidNode({ subject: '引号" 括号}{ \\' });
    const genuine = signedAnswer('alipay.trade.query', node, { key: PLAYED_KEYS.their });
    expect(await raw(genuine)).toMatchObject({ outcome: 'succeeded' });
    expect(await raw(`  ${genuine.replace('{"alipay', '{ "alipay').replace(',"sign"', ' ,\n"sign"')} `)).toMatchObject({
      outcome: 'succeeded',
    });
    const second = `{"alipay_trade_query_response":{"code":"10000"},${genuine.slice(1)}`;
    await expect(raw(second)).rejects.toThrow('twice');
    await expect(raw(genuine.replace('50.00', '51.00'))).rejects.toThrow('signature_invalid');
    await expect(raw(genuine.replace(/,"sign":"[^"]+"/, ''))).rejects.toThrow('signature_missing');
    await expect(raw(genuine.replace(/"sign":"[^"]+"/, '"sign":1'))).rejects.toThrow('signature_missing');
    await expect(raw(genuine.replace('trade_query', 'trade_close'))).rejects.toThrow('another call');
    await expect(raw('{"error_response":{"code":"20000"},"sign":"x"}')).rejects.toThrow('another call');
  });

  test('members are found as they are written', () => {
    const text = ' { "a" : 1.10 , "b":[1,{"c":"}"}],"d\\u0065":"x\\"y","e":null, "f":true}';
    expect([...membersOf(text)]).toEqual([
      ['a', '1.10'],
      ['b', '[1,{"c":"}"}]'],
      ['de', '"x\\"y"'],
      ['e', 'null'],
      ['f', 'true'],
    ]);
    expect({ ...wordOf(text) }).toEqual({ a: '1.10', b: '[1,{"c":"}"}]', de: 'x"y', f: 'true' });
    expect([...membersOf('{}')]).toEqual([]);
    for (const bad of ['[]', 'null', '1', '{"a":1,"a":2}', '{"a":1', '']) expect(() => membersOf(bad)).toThrow();
  });
});

test('our signature is the one that the official kit checks', async () => {
  await connector.queryDebit(ORDER, signal);
  const [asked] = played.received('alipay.trade.query');
  const { sign = '', ...fields } = asked?.fields ?? {};
  const kit = new AlipaySdk({
    ...{ appId: APP.appId, privateKey: PLAYED_KEYS.pem(PLAYED_KEYS.our), keyType: 'PKCS8' },
    alipayPublicKey: PLAYED_KEYS.publicPem(PLAYED_KEYS.our),
  });
  const text = Object.keys(fields)
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
  expect(kit.rsaCheck(text, sign)).toBe(true);
});
