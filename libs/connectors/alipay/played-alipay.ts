import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Connector, RawCallback } from '../contract';
import type { CallbackDamage, PlayedProvider, Script } from '../contract/conformance';
import { definition } from './index';
import { scripted, TRADE_NO, type AlipayReply } from './played-scripts';
import { notification, readRequest, signedAnswer, type AlipayRequest, type AlipaySigner, type Fields } from './wire';

const pair = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicPem = (key: KeyObject): string => createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();

const our = pair();
const their = pair();
const stranger = pair();
export const PLAYED_KEYS = { our, their, stranger, pair, pem, publicPem };
export const APP = { appId: '2021000123456789', sellerId: '2088000000000001' };
const CALLBACK_URL = 'https://gateway.example/callbacks/alipay';

/** Settings of a connector that speaks to the played Alipay; members are put over them. */
export const playedSettings = (gateway: string, over: object = {}) =>
  definition.settings.parse({
    gateway,
    ...APP,
    appPrivateKey: pem(our),
    alipayKeys: [{ publicKey: publicPem(their) }],
    ...over,
  });

interface Choice {
  key?: KeyObject;
  fields?: Fields;
  signType?: string;
  digest?: 'RSA-SHA256' | 'RSA-SHA1';
  keepsSignType?: boolean;
}

/** Alipay, played in tests by a real HTTP server with real signatures in both directions. */
export class PlayedAlipay implements PlayedProvider {
  /** Who signs answers from now on. */
  answeredBy: AlipaySigner = { key: their };
  private readonly server: Server;
  private readonly requests: AlipayRequest[] = [];
  private script: Script = 'succeed';
  private answer: ((request: AlipayRequest) => AlipayReply | undefined) | undefined;
  private files = new Map<string, Buffer>();
  private made: Connector | undefined;
  private readonly sums = new Map<unknown, unknown>();

  private constructor() {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  static async start(): Promise<PlayedAlipay> {
    const played = new PlayedAlipay();
    await new Promise<void>((resolve) => played.server.listen(0, '127.0.0.1', resolve));
    return played;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get connector(): Connector {
    return (this.made ??= this.opened());
  }

  opened(over: object = {}, now: () => Date = () => new Date()): Connector {
    const around = { provider: 'alipay', callbackUrl: CALLBACK_URL, now };
    // This provider's requests are signed with the app's key of its settings, not with the platform's own.
    const settings = playedSettings(`${this.origin}/gateway.do`, over);
    return definition.open(settings, around as Parameters<typeof definition.open>[1]);
  }

  play(script: Script): void {
    this.script = script;
    this.answer = undefined;
  }

  /** Answers by hand; undefined leaves a call to the scripts. */
  answerBy(answer: (request: AlipayRequest) => AlipayReply | undefined): void {
    this.answer = answer;
  }

  /** A file to download. */
  hold(path: string, content: Buffer): void {
    this.files.set(path, content);
  }

  seen(): number {
    return this.requests.length;
  }

  received(method: string): AlipayRequest[] {
    return this.requests.filter((request) => request.method === method);
  }

  callback(orderNo: string, amount: bigint, choice: Choice = {}): RawCallback {
    const yuan = `${amount / 100n}.${(amount % 100n).toString().padStart(2, '0')}`;
    return this.told(
      {
        ...{ notify_type: 'trade_status_sync', trade_status: 'TRADE_SUCCESS', out_trade_no: orderNo },
        ...{ trade_no: TRADE_NO, total_amount: yuan, receipt_amount: yuan, gmt_payment: '2026-11-22 12:00:00' },
        ...{ subject: '话费充值', fund_bill_list: `[{"amount":"${yuan}","fundChannel":"ALIPAYACCOUNT"}]` },
        seller_id: APP.sellerId,
      },
      choice,
    );
  }

  told(fields: Fields, choice: Choice = {}): RawCallback {
    const common = {
      ...{ app_id: APP.appId, auth_app_id: APP.appId, charset: 'utf-8', version: '1.0' },
      ...{ notify_id: '2026112200222120000000000000000001', notify_time: '2026-11-22 12:00:01' },
    };
    const body = notification({ ...common, ...fields, ...choice.fields }, choice.key ?? their, choice);
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    return { method: 'POST', targetUri: CALLBACK_URL, headers, body };
  }

  damaged(how: CallbackDamage, orderNo: string, amount: bigint): RawCallback | null {
    const good = this.callback(orderNo, amount);
    const edited = (edit: (body: string) => string) => ({ ...good, body: Buffer.from(edit(good.body.toString())) });
    switch (how) {
      case 'altered_byte':
        return edited((body) => body.replace('total_amount=5', 'total_amount=6'));
      case 'wrong_key':
        return this.callback(orderNo, amount, { key: stranger });
      case 'no_signature':
        return edited((body) => body.replace(/&sign=[^&]+/, ''));
      case 'stale':
        return null; // the protocol has no time limit: notifications are told again for a day, with the same text
      case 'unknown_certificate':
        return this.callback(orderNo, amount, { fields: { alipay_cert_sn: '0'.repeat(32) } });
      case 'algorithm_downgrade':
        return this.callback(orderNo, amount, { signType: 'RSA', digest: 'RSA-SHA1' });
      case 'duplicate_parameter':
        return edited((body) => `${body}&trade_status=TRADE_SUCCESS`);
      case 'other_charset':
        return this.callback(orderNo, amount, { fields: { charset: 'gbk' } });
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
    const { pathname, search } = new URL(request.url ?? '', this.origin);
    const file = this.files.get(pathname);
    if (file) return void response.end(file);
    const call = readRequest(search, Buffer.concat(chunks).toString(), { appId: APP.appId, key: createPublicKey(our) });
    if (!call) throw new Error('a request that is not the app’s'); // a crash fails the test
    this.requests.push(call);
    const { out_trade_no: order, total_amount: total, out_request_no: refund, refund_amount: back } = call.biz;
    if (total !== undefined) this.sums.set(order, total);
    if (back !== undefined) this.sums.set(refund, back);
    this.respond(response, call.method, this.answer?.(call) ?? scripted(this.script, call, this.sums));
  }

  private respond(response: ServerResponse, method: string, reply: AlipayReply): void {
    if (reply === null) return;
    if ('status' in reply) return void response.writeHead(reply.status).end(reply.text);
    if (reply.cut) return void response.destroy();
    const signer = reply.forged ? { ...this.answeredBy, key: stranger } : this.answeredBy;
    response.writeHead(200, { 'content-type': 'text/html;charset=utf-8' });
    response.end(signedAnswer(method, reply.node, signer));
  }
}
