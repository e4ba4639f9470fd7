import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Connector, RawCallback } from '../contract';
import type { CallbackDamage, PlayedProvider, Script } from '../contract/conformance';
import { definition } from './index';
import { scripted, type Body, type WechatAnswer } from './played-scripts';
import { isMerchants, notification, seal, signedHeaders, type PlatformSigner, type SignChoice } from './wire';
import { certificatePem } from './wire-certificate';

const pair = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicPem = (key: KeyObject): string => createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();

const DAY = 86_400_000;
const our = pair();
const their = pair();
const stranger = pair();
const API_V3_KEY = 'key-of-32-bytes-of-played-wechat';

export const MERCHANT = { mchid: '1900000109', serial: '3775B6A45ACD588826D15E583A95F5DD12345678' };
export const SERIAL = '5157F09EFDC096DE15EBE81A47057A7200000001';

export const certificateOf = (key: KeyObject, serial: string, from = -DAY, to = 365 * DAY): string =>
  certificatePem({
    serial,
    name: 'Played WeChat Pay',
    from: new Date(Date.now() + from),
    to: new Date(Date.now() + to),
    key,
  });

export const PLAYED_KEYS = { our, their, stranger, pair, publicPem, apiV3Key: API_V3_KEY };

/** Settings of a connector that speaks to the played WeChat Pay; members are put over them. */
export const playedSettings = (baseUrl: string, over: object = {}) =>
  definition.settings.parse({
    baseUrl,
    mchid: MERCHANT.mchid,
    appid: 'wx8888888888888888',
    merchantSerial: MERCHANT.serial,
    merchantPrivateKeyPem: pem(our),
    apiV3Key: PLAYED_KEYS.apiV3Key,
    planId: 12535,
    platformKeys: [{ certificatePem: certificateOf(their, SERIAL) }],
    ...over,
  });

interface Choice extends SignChoice {
  signer?: PlatformSigner;
  apiV3Key?: string;
}

/** WeChat Pay, played in tests by a real HTTP server with real signatures in both directions. */
export class PlayedWechat implements PlayedProvider {
  /** A deduction is only accepted; what became of it is asked. */
  readonly answersLater = { debit: true, refund: false };
  readonly signer: PlatformSigner = { serial: SERIAL, key: their };
  /** What `/v3/certificates` hands out. */
  certificates: { serial: string; pem: string; apiV3Key?: string }[] = [];
  /** Who signs answers from now on. */
  answeredBy: PlatformSigner = this.signer;
  private readonly server: Server;
  private requests: { method: string; path: string; body: Body; headers: IncomingMessage['headers'] }[] = [];
  private script: Script = 'succeed';
  private answer: ((path: string, body: Body) => WechatAnswer | undefined) | undefined;
  private made: Connector | undefined;
  private readonly sums = new Map<unknown, unknown>();

  private constructor() {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  static async start(): Promise<PlayedWechat> {
    const played = new PlayedWechat();
    await new Promise<void>((resolve) => played.server.listen(0, '127.0.0.1', resolve));
    return played;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get connector(): Connector {
    return (this.made ??= this.opened());
  }

  opened(over: object = {}, now: () => Date = () => new Date()): Connector {
    const around = { provider: 'wechat_pay', callbackUrl: 'https://gateway.example/callbacks/wechat_pay', now };
    // This provider's requests are signed with the merchant's key of its settings, not with the platform's own.
    return definition.open(playedSettings(this.baseUrl, over), around as Parameters<typeof definition.open>[1]);
  }

  play(script: Script): void {
    this.script = script;
    this.answer = undefined;
  }

  /** Answers by hand; undefined leaves a path to the scripts. */
  answerBy(answer: (path: string, body: Body) => WechatAnswer | undefined): void {
    this.answer = answer;
  }

  seen(): number {
    return this.requests.length;
  }

  received(path: string): { body: Body; headers: IncomingMessage['headers'] }[] {
    return this.requests.filter((request) => request.path === path);
  }

  callback(orderNo: string, amount: bigint, choice: Choice = {}): RawCallback {
    const resource = {
      mchid: MERCHANT.mchid,
      out_trade_no: orderNo,
      transaction_id: '4200000000202611220000000001',
      trade_state: 'SUCCESS',
      trade_state_desc: '支付成功',
      success_time: '2026-11-22T12:00:00+08:00',
      amount: { total: Number(amount), payer_total: Number(amount), currency: 'CNY', payer_currency: 'CNY' },
    };
    return this.told('TRANSACTION.SUCCESS', resource, choice);
  }

  told(type: string, resource: object, choice: Choice = {}): RawCallback {
    const event = { id: 'EV-2018022511223320873', type, resource, kind: 'transaction' };
    const body = notification(event, choice.apiV3Key ?? PLAYED_KEYS.apiV3Key);
    const headers = {
      'content-type': 'application/json',
      ...signedHeaders(body, choice.signer ?? this.signer, choice),
    };
    return { method: 'POST', targetUri: 'https://gateway.example/callbacks/wechat_pay', headers, body };
  }

  damaged(how: CallbackDamage, orderNo: string, amount: bigint): RawCallback {
    const good = this.callback(orderNo, amount);
    switch (how) {
      case 'altered_byte':
        return { ...good, body: Buffer.from(good.body.toString().replace('encrypt-', 'encrypt_')) };
      case 'wrong_key':
        return this.callback(orderNo, amount, { signer: { serial: SERIAL, key: stranger } });
      case 'no_signature':
        return { ...good, headers: {} };
      case 'stale':
        return this.callback(orderNo, amount, { at: Math.floor(Date.now() / 1_000) - 300 });
      case 'unknown_certificate':
        return this.callback(orderNo, amount, { serial: '6157F09EFDC096DE15EBE81A47057A7200000001' });
      case 'algorithm_downgrade':
        return this.callback(orderNo, amount, { type: 'WECHATPAY2-SHA1-RSA2048', digest: 'RSA-SHA1' });
      case 'duplicate_parameter':
        return {
          ...good,
          headers: { ...good.headers, 'wechatpay-nonce': [String(good.headers['wechatpay-nonce']), 'x'] },
        };
      case 'other_charset':
        return { ...good, headers: { ...good.headers, 'content-type': 'application/json; charset=gbk' } };
    }
  }

  async vanish(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  async close(): Promise<void> {
    await this.made?.close();
    if (this.server.listening) await this.vanish();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { method = '', url: path = '', headers } = request;
    const merchant = { ...MERCHANT, key: createPublicKey(our) };
    if (!isMerchants({ method, path, authorization: headers.authorization, body }, merchant))
      throw new Error('a request that is not the merchant’s'); // a crash fails the test
    const json = (body.length > 0 ? JSON.parse(body.toString()) : {}) as Body;
    this.requests.push({ method, path, body: json, headers });
    const answer = this.answerTo(path, json);
    if (answer === null) return;
    this.respond(response, answer);
  }

  private answerTo(path: string, json: Body): WechatAnswer {
    const byHand = this.answer?.(path, json);
    if (byHand !== undefined) return byHand;
    if (path === '/v3/certificates') return { body: { data: this.sealedCertificates() } };
    const amount = json['amount'] as { total?: number; refund?: number } | undefined;
    const number = json['out_refund_no'] ?? json['out_trade_no'];
    if (amount) this.sums.set(number, amount.refund ?? amount.total);
    return scripted(this.script, path, json, this.sums);
  }

  private sealedCertificates(): object[] {
    return this.certificates.map(({ serial, pem: text, apiV3Key }) => ({
      serial_no: serial,
      effective_time: '2026-01-01T00:00:00+08:00',
      expire_time: '2031-01-01T00:00:00+08:00',
      encrypt_certificate: seal(text, apiV3Key ?? PLAYED_KEYS.apiV3Key, 'certificate'),
    }));
  }

  private respond(response: ServerResponse, answer: NonNullable<WechatAnswer>): void {
    if (answer.cut) return void response.destroy();
    const { status = 200, body, unsigned } = answer;
    const content = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const signer = answer.forged ? { ...this.answeredBy, key: stranger } : this.answeredBy;
    const sent = status === 204 ? Buffer.alloc(0) : content;
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      ...(unsigned ? {} : signedHeaders(sent, signer)),
    });
    response.end(sent);
  }
}
