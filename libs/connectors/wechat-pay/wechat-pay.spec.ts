import { createHash, createVerify } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Connector } from '../contract';
import { connectorConformance } from '../contract/conformance';
import { whole } from '../contract/played-file';
import { failed, transaction } from './played-scripts';
import { certificateOf, MERCHANT, PLAYED_KEYS, PlayedWechat, SERIAL } from './played-wechat';

connectorConformance('wechat-pay', () => PlayedWechat.start());

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
const DEBIT = { ...ORDER, agreementRef: 'Wx15463511252015071056489715', orderNote: '话费充值' };
const REFUND = {
  ...ORDER,
  orderNo: '26112243215007310042R01',
  amount: 2000n,
  kind: 'refund' as const,
  original: ORDER,
};
const LIMITS = { payment: 20_000n, day: 50_000n, month: 100_000n, currency: 'CNY' };
const AGREEMENT = { agreementNo: 'agr_1', numberMasked: '138****1234', blind: 'b', returnUrl: '', limits: LIMITS };

let played: PlayedWechat;
let connector: Connector;
const signal = AbortSignal.timeout(60_000);
beforeEach(async () => {
  played = await PlayedWechat.start();
  connector = played.connector;
});
afterEach(() => played.close());

describe('orders', () => {
  test('a code: sum in fen, closing time in Beijing, where to call back', async () => {
    const opened = await connector.openCashier({ ...CASHIER, presentation: 'qr' }, signal);
    expect(opened).toMatchObject({ outcome: 'opened', payUrl: 'weixin://wxpay/bizpayurl?pr=p4lpSuKzz' });
    expect(played.received('/v3/pay/transactions/native')[0]?.body).toEqual({
      appid: 'wx8888888888888888',
      mchid: MERCHANT.mchid,
      description: '话费充值 139****0000',
      out_trade_no: ORDER.orderNo,
      time_expire: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+08:00$/),
      notify_url: 'https://gateway.example/callbacks/wechat_pay',
      amount: { total: 5000, currency: 'CNY' },
    });
  });

  test('an H5 page brings the payer back to us', async () => {
    const opened = await connector.openCashier({ ...CASHIER, presentation: 'redirect' }, signal);
    const url = new URL(opened.outcome === 'opened' ? opened.payUrl : '');
    expect(url.searchParams.get('prepay_id')).toBe('wx1');
    expect(url.searchParams.get('redirect_url')).toBe('https://p.example/pay?x=1');
    expect(played.received('/v3/pay/transactions/h5')[0]?.body).toMatchObject({
      scene_info: { payer_client_ip: '127.0.0.1', h5_info: { type: 'Wap' } },
    });
  });

  test('parameters for the app and for a page inside WeChat are signed with our key', async () => {
    const signs = (text: string, signature: string | undefined) =>
      createVerify('RSA-SHA256')
        .update(text)
        .verify(PLAYED_KEYS.publicPem(PLAYED_KEYS.our), signature ?? '', 'base64');
    const inApp = await connector.openCashier({ ...CASHIER, presentation: 'app' }, signal);
    const app: Record<string, string> = inApp.outcome === 'opened' ? { ...inApp.app } : {};
    expect(app).toMatchObject({ partnerid: MERCHANT.mchid, package: 'Sign=WXPay' });
    expect(signs(`${app['appid']}\n${app['timestamp']}\n${app['noncestr']}\n${app['prepayid']}\n`, app['sign'])).toBe(
      true,
    );
    const request = { ...CASHIER, presentation: 'app' as const, payerOpenid: 'oUpF8uMuAJO' };
    const inside = await connector.openCashier(request, signal);
    const page: Record<string, string> = inside.outcome === 'opened' ? { ...inside.app } : {};
    expect(page).toMatchObject({ signType: 'RSA', package: expect.stringMatching(/^prepay_id=/) });
    const text = `${page['appId']}\n${page['timeStamp']}\n${page['nonceStr']}\n${page['package']}\n`;
    expect(signs(text, page['paySign'])).toBe(true);
    expect(played.received('/v3/pay/transactions/jsapi')[0]?.body).toMatchObject({ payer: { openid: 'oUpF8uMuAJO' } });
  });

  test.each([
    ['SUCCESS', 'succeeded'],
    ['REFUND', 'succeeded'],
    ['NOTPAY', 'pending'],
    ['USERPAYING', 'pending'],
    ['ACCEPT', 'pending'],
    ['CLOSED', 'not_executed'],
    ['REVOKED', 'not_executed'],
    ['PAYERROR', 'declined'],
    ['FAIL', 'unknown'],
    ['', 'unknown'],
  ])('an order in state %s is %s', async (trade_state, outcome) => {
    played.answerBy(() => ({ body: { ...transaction(ORDER.orderNo, 5000), trade_state } }));
    expect(await connector.queryDebit(ORDER, signal)).toMatchObject({ outcome });
  });

  test.each([
    [{ amount: undefined }],
    [{ amount: { total: 5000 } }],
    [{ amount: { total: 50.5, currency: 'CNY' } }],
    [{ transaction_id: '' }],
    [{ success_time: 'yesterday' }],
  ])('a success that lacks what makes it one proves nothing: %j', async (without) => {
    played.answerBy(() => ({ body: { ...transaction(ORDER.orderNo, 5000), ...without } }));
    const answer = await connector.queryDebit(ORDER, signal).catch(() => ({ outcome: 'unknown' }));
    expect(answer.outcome).toBe('unknown');
  });

  test.each([
    ['银行卡余额不足', 'insufficient_funds'],
    ['超出银行卡限额', 'limit'],
    ['用户已解约', 'agreement_ended'],
    ['账户已注销', 'account_closed'],
    ['系统繁忙', 'other'],
  ])('a failed payment with the words %s: %s', async (trade_state_desc, reason) => {
    const word = { ...transaction(ORDER.orderNo, 5000), trade_state: 'PAYERROR', trade_state_desc };
    played.answerBy(() => ({ body: word }));
    expect(await connector.queryDebit(ORDER, signal)).toMatchObject({ outcome: 'declined', reason });
  });

  test('closed on its own word; paid before is told as paid; a system error says nothing', async () => {
    played.answerBy(() => ({ status: 204, body: '' }));
    expect(await connector.closeCashier(ORDER, signal)).toEqual({ outcome: 'closed' });
    played.answerBy((path) => (path.endsWith('/close') ? failed(400, 'ORDERPAID') : undefined));
    expect(await connector.closeCashier(ORDER, signal)).toMatchObject({ outcome: 'succeeded', amount: 5000n });
    played.answerBy((path) => (path.endsWith('/close') ? failed(404, 'ORDER_NOT_EXIST') : undefined));
    expect(await connector.closeCashier(ORDER, signal)).toEqual({ outcome: 'not_found' });
    played.answerBy(() => failed(500, 'SYSTEM_ERROR'));
    expect(await connector.closeCashier(ORDER, signal)).toMatchObject({ outcome: 'unknown' });
  });
});

describe('refunds', () => {
  test('own number, whole sum of the order, sum to give back', async () => {
    expect(await connector.refund(REFUND, signal)).toMatchObject({ outcome: 'succeeded', amount: 2000n });
    expect(played.received('/v3/refund/domestic/refunds')[0]?.body).toMatchObject({
      out_trade_no: ORDER.orderNo,
      out_refund_no: REFUND.orderNo,
      amount: { refund: 2000, total: 5000, currency: 'CNY' },
    });
  });

  test('an abnormal refund is nobody’s refusal: given back another way it could be given twice', async () => {
    played.answerBy(() => ({ body: { out_refund_no: REFUND.orderNo, status: 'ABNORMAL' } }));
    expect(await connector.refund(REFUND, signal)).toMatchObject({ outcome: 'unknown' });
    played.answerBy(() => ({ body: { out_refund_no: REFUND.orderNo, status: 'CLOSED' } }));
    expect(await connector.refund(REFUND, signal)).toMatchObject({ outcome: 'declined' });
  });

  test.each([
    [403, 'NOT_ENOUGH', 'declined'],
    [400, 'PARAM_ERROR', 'not_executed'],
    [400, 'INVALID_REQUEST', 'unknown'],
    [429, 'FREQUENCY_LIMITED', 'unknown'],
    [404, 'RESOURCE_NOT_EXISTS', 'unknown'],
    [500, 'NOT_ENOUGH', 'unknown'],
  ])('HTTP %d %s is %s', async (status, code, outcome) => {
    played.answerBy(() => failed(status, code));
    expect(await connector.refund(REFUND, signal)).toMatchObject({ outcome });
  });

  test('an unsigned refusal is nobody’s word', async () => {
    played.answerBy(() => ({ ...failed(403, 'NOT_ENOUGH'), unsigned: true }));
    await expect(connector.refund(REFUND, signal)).rejects.toThrow('signature_missing');
  });

  test('reversals are not sent', async () => {
    await expect(connector.refund({ ...REFUND, kind: 'reversal' }, signal)).rejects.toThrow('by refund');
    expect(played.seen()).toBe(0);
  });
});

describe('deductions under an agreement', () => {
  const schedule = `/v3/papay/pay/schedules/contract-id/${DEBIT.agreementRef}/schedule`;

  test('booked, then applied for; accepted is not taken', async () => {
    expect(await connector.debit(DEBIT, signal)).toEqual({ outcome: 'pending' });
    expect(played.received(schedule)[0]?.body).toMatchObject({ schedule_amount: { total: 5000, currency: 'CNY' } });
    expect(played.received('/v3/papay/pay/transactions/apply')[0]?.body).toMatchObject({
      out_trade_no: DEBIT.orderNo,
      contract_id: DEBIT.agreementRef,
      transaction_notify_url: 'https://gateway.example/callbacks/wechat_pay',
      amount: { total: 5000, currency: 'CNY' },
    });
  });

  test('booked for later: nothing is applied for', async () => {
    const word = { schedule_state: 'SCHEDULED', deduct_start_date: '2099-01-01', scheduled_amount: { total: 5000 } };
    played.answerBy((path) => (path === schedule ? { body: word } : undefined));
    expect(await connector.debit(DEBIT, signal)).toMatchObject({ outcome: 'not_executed' });
    expect(played.received('/v3/papay/pay/transactions/apply')).toEqual([]);
  });

  test('what is booked already for the same sum is used; for another sum it is not', async () => {
    const word = (total: number) => ({ schedule_state: 'SCHEDULED', scheduled_amount: { total, currency: 'CNY' } });
    const booked = (total: number) => (path: string) => {
      if (path === schedule) return failed(400, 'INVALID_REQUEST');
      return path.startsWith('/v3/papay/pay/schedules') ? { body: word(total) } : undefined;
    };
    played.answerBy(booked(5000));
    expect(await connector.debit(DEBIT, signal)).toEqual({ outcome: 'pending' });
    played.answerBy(booked(4000));
    expect(await connector.debit(DEBIT, signal)).toMatchObject({ outcome: 'unknown' });
    expect(played.received('/v3/papay/pay/transactions/apply')).toHaveLength(1);
  });

  test.each([
    ['CONTRACT_NOT_EXIST', 'declined', 'agreement_ended'],
    ['RULE_LIMIT', 'declined', 'limit'],
    ['OUT_TRADE_NO_USED', 'unknown', undefined],
  ])('%s is %s', async (code, outcome, reason) => {
    played.answerBy((path) => (path.endsWith('/apply') ? failed(400, code) : undefined));
    expect(await connector.debit(DEBIT, signal)).toMatchObject({ outcome, ...(reason ? { reason } : {}) });
  });
});

describe('agreements', () => {
  const contract = (contract_state: string) => ({
    mchid: MERCHANT.mchid,
    contract_id: 'Wx154635',
    out_contract_code: 'agr_1',
    contract_display_account: '138****1234',
    contract_state,
  });

  test('signed on WeChat’s page, asked about, ended', async () => {
    played.answerBy((path) =>
      path.endsWith('/h5') ? { body: { redirect_url: 'https://payapp.weixin.qq.com/sign?id=1' } } : undefined,
    );
    expect(await connector.startAgreement(AGREEMENT, signal)).toMatchObject({
      outcome: 'started',
      signUrl: 'https://payapp.weixin.qq.com/sign?id=1',
    });
    const [asked] = played.received('/v3/papay/scheduled-deduct-sign/contracts/pre-entrust-sign/h5');
    expect(asked?.body).toMatchObject({ plan_id: 12535, out_contract_code: 'agr_1' });
    expect(String(asked?.body['out_user_code'])).toHaveLength(32);
    const ref = { agreementNo: 'agr_1', agreementRef: '' };
    played.answerBy(() => failed(404, 'RESOURCE_NOT_EXISTS'));
    expect(await connector.queryAgreement(ref, signal)).toEqual({ outcome: 'pending' });
    played.answerBy(() => ({ body: contract('SIGNED') }));
    expect(await connector.queryAgreement(ref, signal)).toEqual({
      outcome: 'active',
      agreementRef: 'Wx154635',
      accountTail: '1234',
      bankName: '微信支付',
    });
    played.answerBy((path) =>
      path.endsWith('/terminate') ? { status: 204, body: '' } : { body: contract('TERMINATED') },
    );
    expect(await connector.endAgreement(ref, signal)).toEqual({ outcome: 'ended' });
  });

  test.each([
    ['SIGN_FAILED', 'ended'],
    ['TO_BE_RENEWED', 'unknown'],
    ['ELSE', 'unknown'],
  ])('state %s is %s', async (state, outcome) => {
    played.answerBy(() => ({ body: contract(state) }));
    expect(await connector.queryAgreement({ agreementNo: 'agr_1', agreementRef: '' }, signal)).toMatchObject({
      outcome,
    });
  });

  test.each([
    ['ENTRUST.SIGN', 'SIGNED', 'active'],
    ['ENTRUST.TERMINATE', 'TERMINATED', 'ended'],
    ['PAPAY.SIGN', 'SIGNED', 'active'],
    ['PAPAY.TERMINATE', 'TERMINATED', 'ended'],
  ])('told by %s', (type, state, outcome) => {
    const { body } = played.told(type, contract(state));
    expect(connector.callbacks.read(body)).toMatchObject({ type: 'agreement', orderNo: 'agr_1', answer: { outcome } });
  });
});

describe('notifications', () => {
  test('a deduction that failed, by whichever name', () => {
    const word = { ...transaction(ORDER.orderNo, 5000), trade_state_desc: '余额不足' };
    for (const [type, trade_state] of [
      ['TRANSACTION.FAIL', 'FAIL'],
      ['TRANSACTION.FAIL', 'PAYERROR'],
      ['PAPAY.DEDUCT', 'PAYERROR'],
    ] as const) {
      const { body } = played.told(type, { ...word, trade_state });
      expect(connector.callbacks.read(body)).toMatchObject({
        type: 'debit',
        answer: { outcome: 'declined', reason: 'insufficient_funds' },
      });
    }
  });

  test.each([
    ['REFUND.SUCCESS', 'SUCCESS', 'succeeded'],
    ['REFUND.CLOSED', 'CLOSED', 'declined'],
    ['REFUND.ABNORMAL', 'ABNORMAL', 'unknown'],
  ])('%s', (type, refund_status, outcome) => {
    const word = {
      mchid: MERCHANT.mchid,
      out_trade_no: ORDER.orderNo,
      refund_id: '50200207182018070300011301001',
      out_refund_no: REFUND.orderNo,
      refund_status,
      success_time: '2018-06-08T10:34:56+08:00',
      amount: { total: 5000, refund: 2000, payer_total: 5000, payer_refund: 2000 },
    };
    const event = connector.callbacks.read(played.told(type, word).body);
    expect(event).toMatchObject({ type: 'refund', orderNo: REFUND.orderNo, answer: { outcome } });
    if (outcome === 'succeeded') expect(event).toMatchObject({ answer: { amount: 2000n, currency: 'CNY' } });
  });

  test('of a product that we do not use: stored by its id, and means nothing', () => {
    const { body } = played.told('PAYSCORE.USER_PAID', { out_order_no: 'x' });
    expect(connector.callbacks.eventId(body)).toBe('EV-2018022511223320873');
    expect(connector.callbacks.read(body)).toBeNull();
  });
});

describe('platform keys', () => {
  const NEW = '6157F09EFDC096DE15EBE81A47057A7200000002';
  const fresh = PLAYED_KEYS.pair();

  test('an answer by an unknown certificate fetches the certificates once; then it is known', async () => {
    played.certificates = [{ serial: NEW, pem: certificateOf(fresh, NEW) }];
    played.answeredBy = { serial: NEW, key: fresh };
    expect(await connector.queryDebit(ORDER, signal)).toMatchObject({ outcome: 'succeeded' });
    expect(await connector.queryDebit(ORDER, signal)).toMatchObject({ outcome: 'succeeded' });
    expect(played.received('/v3/certificates')).toHaveLength(1);
    played.answeredBy = played.signer; // the old one overlaps
    expect(await connector.queryDebit(ORDER, signal)).toMatchObject({ outcome: 'succeeded' });
  });

  test('a notification by an unknown certificate is refused, and its next try is known', async () => {
    played.certificates = [{ serial: NEW, pem: certificateOf(fresh, NEW) }];
    const told = played.callback(ORDER.orderNo, 5000n, { signer: { serial: NEW, key: fresh } });
    expect(await connector.callbacks.verify(told)).toMatchObject({ fault: 'key_unknown' });
    for (let tries = 0; tries < 100 && played.received('/v3/certificates').length === 0; tries++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    await connector.health(signal);
    expect(await connector.callbacks.verify(told)).toEqual({ verified: true });
  });

  test.each([
    ['sealed with another key', { serial: NEW, pem: certificateOf(fresh, NEW), apiV3Key: 'x'.repeat(32) }],
    ['under another serial', { serial: 'ABCD', pem: certificateOf(fresh, NEW) }],
    ['out of its dates', { serial: NEW, pem: certificateOf(fresh, NEW, -2_000, -1_000) }],
  ])('a certificate %s is not taken', async (_, certificate) => {
    played.certificates = [certificate];
    played.answeredBy = { serial: NEW, key: fresh };
    await expect(connector.queryDebit(ORDER, signal)).rejects.toThrow('key_unknown');
  });

  test('nothing is fetched where the settings say so, nor for a public key', async () => {
    played.certificates = [{ serial: NEW, pem: certificateOf(fresh, NEW) }];
    played.answeredBy = { serial: NEW, key: fresh };
    const still = played.opened({ downloadCertificates: false });
    await expect(still.queryDebit(ORDER, signal)).rejects.toThrow('key_unknown');
    played.answeredBy = { serial: 'PUB_KEY_ID_01', key: fresh };
    await expect(connector.queryDebit(ORDER, signal)).rejects.toThrow('key_unknown');
    expect(played.received('/v3/certificates')).toEqual([]);
    await still.close();
  });

  test('with a public key we ask to be answered by it', async () => {
    const publicKeyPem = PLAYED_KEYS.publicPem(fresh);
    const both = [
      { certificatePem: certificateOf(PLAYED_KEYS.their, SERIAL) },
      { serial: 'PUB_KEY_ID_01', publicKeyPem },
    ];
    const changing = played.opened({ platformKeys: both });
    expect(await changing.queryDebit(ORDER, signal)).toMatchObject({ outcome: 'succeeded' });
    played.answeredBy = { serial: 'PUB_KEY_ID_01', key: fresh };
    expect(await changing.queryDebit(ORDER, signal)).toMatchObject({ outcome: 'succeeded' });
    const path = `/v3/pay/transactions/out-trade-no/${ORDER.orderNo}?mchid=${MERCHANT.mchid}`;
    expect(played.received(path)[0]?.headers['wechatpay-serial']).toBe('PUB_KEY_ID_01');
    await changing.close();
  });
});

describe('bills', () => {
  const text = Buffer.from('交易时间,微信订单号,商户订单号,交易状态\n');
  const packed = gzipSync(text);
  const sha1 = (bytes: Buffer) => createHash('sha1').update(bytes).digest('hex');
  const serve = (hash: string, file: Buffer, over: object = {}) =>
    played.answerBy((path) =>
      path.startsWith('/v3/billdownload/')
        ? { body: file, unsigned: true }
        : {
            body: {
              hash_type: 'SHA1',
              hash_value: hash,
              download_url: `${played.baseUrl}/v3/billdownload/file?token=x`,
              ...over,
            },
          },
    );

  test('as it was sent; the hash may be over the plain or the compressed bytes', async () => {
    for (const hash of [sha1(text), sha1(packed)]) {
      serve(hash, packed);
      expect(await whole(connector.fetchStatement('2026-11-22', signal))).toEqual({
        state: 'ready',
        fileName: '2026-11-22.wechat-trade.csv.gz',
        content: packed,
      });
    }
    serve(sha1(text), text);
    expect(await whole(connector.fetchStatement('2026-11-22', signal))).toMatchObject({
      fileName: '2026-11-22.wechat-trade.csv',
    });
    expect(played.received('/v3/bill/tradebill?bill_type=ALL&tar_type=GZIP&bill_date=2026-11-22')).toHaveLength(3);
    expect(played.received('/v3/billdownload/file?token=x')[0]?.headers.authorization).toContain('mchid=');
  });

  test('another file than was promised, a strange address, another hash: thrown', async () => {
    serve(sha1(Buffer.from('else')), packed);
    await expect(whole(connector.fetchStatement('2026-11-22', signal))).rejects.toThrow('the hash does not fit');
    serve(sha1(text), packed, { download_url: 'http://127.0.0.1:1/v3/billdownload/file' });
    await expect(whole(connector.fetchStatement('2026-11-22', signal))).rejects.toThrow('strange address');
    serve(sha1(text), packed, { hash_type: 'MD5' });
    await expect(whole(connector.fetchStatement('2026-11-22', signal))).rejects.toThrow('another kind of hash');
  });

  test('none that day, being made, or an error', async () => {
    played.answerBy(() => failed(400, 'NO_STATEMENT_EXIST'));
    expect(await whole(connector.fetchStatement('2026-11-22', signal))).toEqual({ state: 'none_today' });
    played.answerBy(() => failed(400, 'STATEMENT_CREATING'));
    expect(await whole(connector.fetchStatement('2026-11-22', signal))).toEqual({ state: 'not_ready' });
    played.answerBy(() => failed(400, 'INVALID_REQUEST'));
    await expect(whole(connector.fetchStatement('2026-11-22', signal))).rejects.toThrow('INVALID_REQUEST');
    const flow = played.opened({ bill: 'fundflow' });
    played.answerBy((path) =>
      path.startsWith('/v3/bill/fundflowbill?') ? failed(400, 'NO_STATEMENT_EXIST') : undefined,
    );
    expect(await whole(flow.fetchStatement('2026-11-22', signal))).toEqual({ state: 'none_today' });
    await flow.close();
  });
});
