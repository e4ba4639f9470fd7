import { createSign, X509Certificate } from 'node:crypto';
import type { Connector, RawCallback } from '../contract';
import { definition } from './index';
import { certificateKey, certificateSn } from './alipay-keys';
import { APP, PLAYED_KEYS, PlayedAlipay } from './played-alipay';
import { TRADE_NO } from './played-scripts';
import vectors from './vectors.json';
import { certificatePem } from './wire-certificate';

const ORDER_NO = '2611224321500731004201';
const REFUND_NO = '26112243215007310042R01';
const around = { provider: 'alipay', callbackUrl: 'https://gateway.example/callbacks/alipay', now: () => new Date() };
const opened = (settings: object): Connector =>
  definition.open(definition.settings.parse(settings), around as Parameters<typeof definition.open>[1]);

const posted = (body: string | Buffer, type = 'application/x-www-form-urlencoded; charset=utf-8'): RawCallback => ({
  method: 'POST',
  targetUri: around.callbackUrl,
  headers: { 'content-type': type },
  body: Buffer.from(body),
});

describe('notifications that Alipay signed', () => {
  const { trade, service } = vectors;
  const keys = [{ publicKey: trade.publicKey }, { publicKey: service.publicKey }];
  const formOf = (fields: object) => new URLSearchParams(fields as Record<string, string>).toString();

  test('of a trade, which leaves the signature type out; of a service, which keeps it in', async () => {
    const { callbacks } = opened({ alipayKeys: keys });
    for (const { fields } of [trade, service])
      expect(await callbacks.verify(posted(formOf(fields)))).toEqual({ verified: true });
    expect(callbacks.read(Buffer.from(formOf(trade.fields)))).toMatchObject({
      eventId: '2019081500222155624068450559358070',
      occurredAt: new Date('2019-08-15T07:56:25Z'),
      orderNo: '20190815155618536-564-57',
      answer: {
        outcome: 'succeeded',
        amount: 10n,
        currency: 'CNY',
        providerTxnId: '2019081522001468450512505578',
        businessDate: '2019-08-15',
        completedAt: new Date('2019-08-15T07:56:24Z'),
      },
    });
    expect(callbacks.eventId(Buffer.from(formOf(service.fields)))).toBe('2019030800222102023008121054923345');
    expect(callbacks.read(Buffer.from(formOf(service.fields)))).toBeNull();
  });

  test('each by its own key only, and with each value as it was', async () => {
    const one = opened({ alipayKeys: [{ publicKey: service.publicKey }] });
    expect(await one.callbacks.verify(posted(formOf(trade.fields)))).toMatchObject({ fault: 'signature_invalid' });
    const { callbacks } = opened({ alipayKeys: keys });
    for (const [name, value] of Object.entries(trade.fields)) {
      const other = formOf({ ...trade.fields, [name]: `${value}1` });
      expect(await callbacks.verify(posted(other))).toMatchObject({ verified: false });
      const { [name as keyof typeof trade.fields]: _, ...rest } = trade.fields;
      // The type is not signed here, and says nothing that its absence does not.
      expect(await callbacks.verify(posted(formOf(rest)))).toMatchObject({ verified: name === 'sign_type' });
    }
  });

  test('no byte of one can be changed', async () => {
    const { callbacks } = opened({ alipayKeys: keys });
    const body = Buffer.from(formOf(trade.fields));
    for (let at = 0; at < body.length; at++) {
      const changed = Buffer.from(body);
      changed[at] = (changed[at] ?? 0) ^ 0x20;
      expect({ at, ...(await callbacks.verify(posted(changed))) }).toMatchObject({ at, verified: false });
    }
  });

  test('the number of a certificate is the one that Alipay gives it', () => {
    const { pem, sn } = vectors.certificate;
    expect(certificateSn(new X509Certificate(pem))).toBe(sn);
    expect(certificateKey(pem, undefined)).toMatchObject({ sn, trusted: true });
    expect(certificateKey(pem, pem)).toMatchObject({ trusted: false });
  });
});

describe('notifications of the played Alipay', () => {
  let played: PlayedAlipay;
  let connector: Connector;
  beforeEach(async () => {
    played = await PlayedAlipay.start();
    connector = played.connector;
  });
  afterEach(() => played.close());
  const paid = (choice: object = {}) => played.callback(ORDER_NO, 5000n, choice);
  const verdict = (callback: RawCallback) => connector.callbacks.verify(callback);
  const edited = (edit: (body: string) => string) => {
    const good = paid();
    return { ...good, body: Buffer.from(edit(good.body.toString())) };
  };

  test.each<[string, () => RawCallback, string]>([
    ['nothing', () => posted(''), 'malformed'],
    ['another key', () => paid({ key: PLAYED_KEYS.stranger }), 'signature_invalid'],
    ['no signature', () => edited((body) => body.replace(/&sign=[^&]+/, '')), 'signature_missing'],
    ['an empty signature', () => edited((body) => body.replace(/&sign=[^&]+/, '&sign=')), 'signature_missing'],
    ['the older type', () => paid({ signType: 'RSA' }), 'algorithm_refused'],
    ['the older type and digest', () => paid({ signType: 'RSA', digest: 'RSA-SHA1' }), 'algorithm_refused'],
    ['the older digest alone', () => paid({ digest: 'RSA-SHA1' }), 'signature_invalid'],
    ['an empty type', () => edited((body) => body.replace(/&sign_type=RSA2/, '&sign_type=')), 'algorithm_refused'],
    [
      'no type and the older digest',
      () => {
        const older = paid({ digest: 'RSA-SHA1' });
        return { ...older, body: Buffer.from(older.body.toString().replace('&sign_type=RSA2', '')) };
      },
      'signature_invalid',
    ],
    ['a field twice', () => edited((body) => `${body}&total_amount=50.00`), 'parameter_twice'],
    ['a field twice, escaped', () => edited((body) => `${body}&total%5Famount=50.00`), 'parameter_twice'],
    ['an empty field twice', () => edited((body) => `${body}&sign=`), 'parameter_twice'],
    ['the charset gbk', () => paid({ fields: { charset: 'gbk' } }), 'charset_refused'],
    ['bytes of gbk', () => edited((body) => body.replace(/subject=[^&]+/, 'subject=%BB%B0')), 'charset_refused'],
    [
      'another content charset',
      () => posted(paid().body, 'application/x-www-form-urlencoded;charset=GBK'),
      'charset_refused',
    ],
    ['another content type', () => posted(paid().body, 'application/json'), 'malformed'],
    ['two content types', () => ({ ...paid(), headers: { 'Content-Type': ['a/b', 'c/d'] } }), 'parameter_twice'],
    ['a cut escape', () => edited((body) => `${body}&x=%4`), 'malformed'],
    ['a field without value', () => edited((body) => `${body}&x`), 'malformed'],
    ['not base64', () => edited((body) => body.replace(/&sign=/, '&sign=!')), 'signature_invalid'],
    ['an unknown certificate', () => paid({ fields: { alipay_cert_sn: '0'.repeat(32) } }), 'key_unknown'],
    ['another app', () => paid({ fields: { app_id: '2021000000000000' } }), 'malformed'],
    ['another seller', () => paid({ fields: { seller_id: '2088000000000002' } }), 'malformed'],
    ['a question', () => ({ ...paid(), method: 'GET' }), 'malformed'],
    ['too much', () => posted(`x=${'y'.repeat(70_000)}`), 'malformed'],
  ])('refused with %s', async (_, callback, fault) => {
    expect(await verdict(callback())).toMatchObject({ verified: false, fault });
  });

  test('taken: without the type of signature, by the one that our app is set to', async () => {
    const bare = edited((body) => body.replace('&sign_type=RSA2', ''));
    expect(bare.body.toString()).not.toContain('sign_type');
    expect(await verdict(bare)).toEqual({ verified: true });
  });

  test('taken: with the type in what is signed, without a content type, with values that are empty', async () => {
    const { headers: _, ...bare } = paid();
    const empty = paid({ fields: { body: '' } });
    for (const callback of [paid({ keepsSignType: true }), { ...bare, headers: {} }, empty])
      expect(await verdict(callback)).toEqual({ verified: true });
  });

  test('taken: empty values written into what is signed', async () => {
    const fields = { app_id: APP.appId, body: '', notify_id: 'n1', out_trade_no: ORDER_NO };
    const text = `app_id=${APP.appId}&body=&notify_id=n1&out_trade_no=${ORDER_NO}`;
    const sign = createSign('RSA-SHA256').update(text).sign(PLAYED_KEYS.their, 'base64');
    const body = new URLSearchParams({ ...fields, sign_type: 'RSA2', sign }).toString();
    expect(await verdict(posted(body))).toEqual({ verified: true });
  });

  test('without any key nothing is Alipay’s', async () => {
    const empty = opened({});
    expect(await empty.callbacks.verify(paid())).toMatchObject({ fault: 'key_unknown' });
    expect(() => opened({ alipayKeys: [{}] })).toThrow('publicKey or certificatePem');
    expect(() => opened({ alipayKeys: [{ publicKey: 'AAAA' }] })).toThrow();
  });

  const trade = (fields: object) => {
    const common = { notify_type: 'trade_status_sync', out_trade_no: ORDER_NO, trade_no: TRADE_NO };
    return connector.callbacks.read(played.told({ ...common, total_amount: '50.00', ...fields }).body);
  };

  test.each([
    [{ trade_status: 'TRADE_SUCCESS', gmt_payment: '2026-11-22 12:00:00' }, 'succeeded'],
    [{ trade_status: 'TRADE_FINISHED', gmt_payment: '2026-11-22 12:00:00' }, 'succeeded'],
    [{ trade_status: 'WAIT_BUYER_PAY' }, 'pending'],
    [{ trade_status: 'TRADE_CLOSED' }, 'declined'],
    [{ trade_status: 'TRADE_PENDING' }, 'unknown'],
    [{ trade_status: 'TRADE_SUCCESS', total_amount: '50.001' }, 'unknown'],
    [{ trade_status: 'TRADE_SUCCESS', total_amount: '' }, 'unknown'],
    [{ trade_status: 'TRADE_SUCCESS', trade_no: '' }, 'unknown'],
  ])('of an order %j: %s', (fields, outcome) => {
    expect(trade(fields)).toMatchObject({ type: 'debit', orderNo: ORDER_NO, answer: { outcome } });
  });

  test.each(['TRADE_SUCCESS', 'TRADE_CLOSED'])('of money that went back, the order now %s', (trade_status) => {
    const gone = { refund_fee: '20.00', gmt_refund: '2026-11-22 13:00:00.123', gmt_payment: '2026-11-22 12:00:00' };
    expect(trade({ trade_status, ...gone, out_biz_no: REFUND_NO })).toMatchObject({
      type: 'refund',
      orderNo: REFUND_NO,
      answer: {
        outcome: 'succeeded',
        orderNo: REFUND_NO,
        amount: 2000n,
        businessDate: '2026-11-22',
        completedAt: new Date('2026-11-22T05:00:00.123Z'),
      },
    });
    expect(trade({ trade_status, ...gone })).toBeNull(); // by hand: no number of ours
  });

  const agreement = (fields: object) =>
    connector.callbacks.read(
      played.told({ external_agreement_no: 'agr_1', agreement_no: '20215919764488921116', ...fields }).body,
    );

  test.each([
    [{ notify_type: 'dut_user_sign', status: 'NORMAL', alipay_logon_id: '180****3990' }, 'active'],
    [{ notify_type: 'dut_user_sign', status: 'TEMP' }, 'pending'],
    [{ notify_type: 'dut_user_unsign', status: 'UNSIGN' }, 'ended'],
    [{ notify_type: 'dut_user_unsign', status: 'STOP' }, 'ended'],
    [{ notify_type: 'dut_user_sign', status: 'OTHER' }, 'unknown'],
    [{ notify_type: 'dut_user_sign', status: 'NORMAL', agreement_no: '' }, 'unknown'],
  ])('of an agreement %j: %s', (fields, outcome) => {
    const event = agreement(fields);
    expect(event).toMatchObject({ type: 'agreement', orderNo: 'agr_1', answer: { outcome } });
    if (outcome === 'active')
      expect(event).toMatchObject({
        answer: { agreementRef: '20215919764488921116', accountTail: '3990', bankName: '支付宝' },
      });
  });

  test('the id is Alipay’s; where there is none, what the notification says, but not when it was told', () => {
    const id = (fields: object) => connector.callbacks.eventId(played.told(fields as Record<string, string>).body);
    expect(id({ out_trade_no: 'x' })).toBe('2026112200222120000000000000000001');
    const first = id({ notify_id: '', out_trade_no: 'x' });
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(id({ notify_id: '', out_trade_no: 'x', notify_time: '2026-11-22 12:04:01' })).toBe(first);
    expect(id({ notify_id: '', out_trade_no: 'y' })).not.toBe(first);
    expect(id({ notify_id: 'i'.repeat(65), out_trade_no: 'x' })).toMatch(/^[0-9a-f]{64}$/);
    expect(id({ notify_id: '' })).toBeNull();
    expect(connector.callbacks.acknowledgement.body).toBe('success');
  });
});

describe('certificates', () => {
  const day = 86_400_000;
  const root = PLAYED_KEYS.pair();
  const middle = PLAYED_KEYS.pair();
  const period = { from: new Date(Date.now() - day), to: new Date(Date.now() + day) };
  const rootPem = certificatePem({ serial: '01', name: 'Root', key: root, ...period, isCa: true });
  const issued = (serial: string, over: object = {}) =>
    certificatePem({
      ...{ serial, name: 'Alipay', key: PLAYED_KEYS.their, ...period },
      issuer: { name: 'Root', key: root },
      ...over,
    });
  const snOf = (pem: string) => certificateKey(pem, undefined).sn;
  let played: PlayedAlipay;
  let connector: Connector;
  beforeEach(async () => (played = await PlayedAlipay.start()));
  afterEach(async () => {
    await connector.close();
    await played.close();
  });
  const withCertificate = (pem: string, over: object = {}) =>
    (connector = played.opened({ alipayKeys: [{ certificatePem: pem }], alipayRootCertificatePem: rootPem, ...over }));
  const signal = AbortSignal.timeout(20_000);
  const order = { orderNo: ORDER_NO, amount: 5000n, currency: 'CNY', orderedAt: new Date(0), providerTxnId: '' };

  test('answers and notifications name the certificate', async () => {
    const pem = issued('02');
    withCertificate(pem);
    played.answeredBy = { key: PLAYED_KEYS.their, certSn: snOf(pem) };
    expect(await connector.queryDebit(order, signal)).toMatchObject({ outcome: 'succeeded' });
    const named = played.callback(ORDER_NO, 5000n, { fields: { alipay_cert_sn: snOf(pem) } });
    expect(await connector.callbacks.verify(named)).toEqual({ verified: true });
    expect(await connector.callbacks.verify(played.callback(ORDER_NO, 5000n))).toEqual({ verified: true });
  });

  test('through a certificate between it and the root, which must be allowed to issue', async () => {
    const between = (isCa: boolean) =>
      certificatePem({
        serial: '03',
        name: 'Class 2',
        key: middle,
        ...period,
        issuer: { name: 'Root', key: root },
        isCa,
      });
    const leaf = issued('04', { issuer: { name: 'Class 2', key: middle } });
    withCertificate(leaf + between(true));
    expect(await connector.callbacks.verify(played.callback(ORDER_NO, 5000n))).toEqual({ verified: true });
    await connector.close();
    withCertificate(leaf + between(false));
    expect(await connector.callbacks.verify(played.callback(ORDER_NO, 5000n))).toMatchObject({
      fault: 'certificate_untrusted',
    });
  });

  test.each([
    ['of another root', issued('05', { issuer: { name: 'Root', key: PLAYED_KEYS.stranger } })],
    ['that vouches for itself', issued('06', { issuer: undefined })],
    ['of yesterday', issued('07', { to: new Date(Date.now() - 1_000) })],
    ['of tomorrow', issued('08', { from: new Date(Date.now() + 10_000) })],
  ])('one %s is not trusted', async (_, pem) => {
    withCertificate(pem);
    expect(await connector.callbacks.verify(played.callback(ORDER_NO, 5000n))).toMatchObject({
      fault: 'certificate_untrusted',
    });
  });

  const changed = (pem: string) => {
    played.answeredBy = { key: PLAYED_KEYS.stranger, certSn: snOf(pem) };
    played.answerBy(({ method }) => {
      if (method !== 'alipay.open.app.alipaycert.download') return undefined;
      return { node: { code: '10000', msg: 'Success', alipay_cert_content: Buffer.from(pem).toString('base64') } };
    });
  };

  test('a new one is fetched by its number, once, and the old one goes on beside it', async () => {
    const old = issued('09');
    const fresh = issued('0A', { key: PLAYED_KEYS.stranger });
    withCertificate(old);
    changed(fresh);
    for (let i = 0; i < 2; i++)
      expect(await connector.queryDebit(order, signal)).toMatchObject({ outcome: 'succeeded' });
    expect(played.received('alipay.open.app.alipaycert.download')).toHaveLength(1);
    played.answeredBy = { key: PLAYED_KEYS.their, certSn: snOf(old) };
    expect(await connector.queryDebit(order, signal)).toMatchObject({ outcome: 'succeeded' });
  });

  test('a notification by a new one is refused, and its next try is known', async () => {
    const fresh = issued('0B', { key: PLAYED_KEYS.stranger });
    withCertificate(issued('0C'));
    changed(fresh);
    const told = played.callback(ORDER_NO, 5000n, {
      key: PLAYED_KEYS.stranger,
      fields: { alipay_cert_sn: snOf(fresh) },
    });
    expect(await connector.callbacks.verify(told)).toMatchObject({ fault: 'key_unknown' });
    for (let tries = 0; tries < 200; tries++) {
      if ((await connector.callbacks.verify(told)).verified) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(await connector.callbacks.verify(told)).toEqual({ verified: true });
  });

  test('what is fetched must come from the root and be the one that was named', async () => {
    const forged = issued('0D', { key: PLAYED_KEYS.stranger, issuer: { name: 'Root', key: PLAYED_KEYS.stranger } });
    withCertificate(issued('0E'));
    changed(forged);
    await expect(connector.queryDebit(order, signal)).rejects.toThrow('key_unknown');
    await connector.close();
    withCertificate(issued('0F'), { downloadCertificates: false });
    changed(issued('10', { key: PLAYED_KEYS.stranger }));
    await expect(connector.queryDebit(order, signal)).rejects.toThrow('key_unknown');
    expect(played.received('alipay.open.app.alipaycert.download')).toHaveLength(1);
  });

  test('requests name our certificate and the roots', async () => {
    const app = issued('11', { key: PLAYED_KEYS.our, name: 'App' });
    withCertificate(issued('12'), { appCertificatePem: app });
    played.answeredBy = { key: PLAYED_KEYS.their };
    await connector.queryDebit(order, signal);
    const [asked] = played.received('alipay.trade.query');
    expect(asked?.fields).toMatchObject({ app_cert_sn: snOf(app), alipay_root_cert_sn: snOf(rootPem) });
    expect(() => played.opened({ appCertificatePem: app })).toThrow('alipayRootCertificatePem is missing');
  });
});
