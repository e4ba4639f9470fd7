import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newSm2, sm2PrivateKey } from '@yidian/security';
import type { Connector, RawCallback } from '../contract';
import type { CallbackDamage, PlayedProvider, Script } from '../contract/conformance';
import { definition } from './index';
import { scripted, type UnionPayAnswer } from './played-scripts';
import {
  answerBody,
  isMerchants,
  noticeBody,
  platformFields,
  UNIONPAY_NAME,
  type PlatformSigner,
  type WireFields,
} from './wire';
import { certificatePem, type CertificateChoice } from './wire-certificate';

const DAY = 86_400_000;
const rsa = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const sm2 = (): KeyObject => sm2PrivateKey(newSm2().privateKeyPem);
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

export const MER_ID = '777290058110048';

/** A certificate authority with one intermediate, and both sides' signing certificates. */
export function authority(newKey: () => KeyObject, method: PlatformSigner['method']) {
  const [root, middle, their, our, stranger] = [newKey(), newKey(), newKey(), newKey(), newKey()] as const;
  const dates = { from: new Date('2020-01-01'), to: new Date(Date.now() + 365 * DAY) };
  const rootName = { name: 'Played Root', key: root };
  const middleName = { name: 'Played OCA1', key: middle };
  const issue = (choice: Partial<CertificateChoice>): string =>
    certificatePem({ ...dates, certId: '69678957876', name: UNIONPAY_NAME, key: their, issuer: middleName, ...choice });
  return {
    ...{ root, middle, their, our, stranger, method, issue },
    rootPem: certificatePem({ ...dates, ...rootName, certId: '1', ca: true }),
    middlePem: certificatePem({ ...dates, ...middleName, certId: '2', issuer: rootName, ca: true }),
    ourPem: issue({ key: our, certId: '69903319369', name: '041@Z2026-11-1@played merchant@00000001' }),
    signer: { certificatePem: issue({}), key: their, method } satisfies PlatformSigner,
  };
}
export type Authority = ReturnType<typeof authority>;

export const RSA: Authority = authority(rsa, '01');
export const SM2: Authority = authority(sm2, '21');

/** Settings of a connector that speaks to the played UnionPay; members are put over them. */
export const playedSettings = (baseUrl: string, own: Authority, over: object = {}) =>
  definition.settings.parse({
    baseUrl,
    fileUrl: `${baseUrl}/`,
    merId: MER_ID,
    signMethod: own.method,
    merchantPrivateKeyPem: pem(own.our),
    merchantCertificatePem: own.ourPem,
    rootCertificatesPem: [own.rootPem],
    intermediateCertificatesPem: [own.middlePem],
    ...over,
  });

/** UnionPay, played in tests by a real HTTP server with real certificates and signatures in both directions. */
export class PlayedUnionPay implements PlayedProvider {
  readonly answersLater = { debit: true, refund: true };
  /** Who signs from now on. */
  signer: PlatformSigner;
  private readonly server: Server;
  private requests: { path: string; fields: WireFields }[] = [];
  private script: Script = 'succeed';
  private answer: ((path: string, asked: WireFields) => UnionPayAnswer | undefined) | undefined;
  private made: Connector | undefined;

  private constructor(readonly own: Authority) {
    this.signer = own.signer;
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  static async start(own: Authority = RSA): Promise<PlayedUnionPay> {
    const played = new PlayedUnionPay(own);
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
    const around = { provider: 'unionpay', callbackUrl: 'https://gateway.example/callbacks/unionpay', now };
    // Requests are signed with the merchant's key of the settings, not with the platform's own.
    return definition.open(
      playedSettings(this.baseUrl, this.own, over),
      around as Parameters<typeof definition.open>[1],
    );
  }

  play(script: Script): void {
    this.script = script;
    this.answer = undefined;
  }

  /** Answers by hand; undefined leaves a request to the scripts. */
  answerBy(answer: (path: string, asked: WireFields) => UnionPayAnswer | undefined): void {
    this.answer = answer;
  }

  seen(): number {
    return this.requests.length;
  }

  received(path: string): WireFields[] {
    return this.requests.filter((request) => request.path === path).map(({ fields }) => fields);
  }

  /** Whether a form was signed by the merchant as UnionPay would see it. */
  isMerchants(fields: WireFields): boolean {
    const { our, method } = this.own;
    return isMerchants(fields, { merId: MER_ID, certId: '69903319369', key: createPublicKey(our), method });
  }

  notice(said: WireFields, over: WireFields = {}, signer: PlatformSigner = this.signer): RawCallback {
    const fields = platformFields({ ...paid('2611224321500731004201', 5000n), ...said }, signer, over);
    return told(noticeBody(fields));
  }

  callback(orderNo: string, amount: bigint): RawCallback {
    return this.notice(paid(orderNo, amount));
  }

  damaged(how: CallbackDamage, orderNo: string, amount: bigint): RawCallback | null {
    const { issue, stranger, method } = this.own;
    const good = this.callback(orderNo, amount);
    const text = good.body.toString();
    switch (how) {
      case 'altered_byte':
        return told(Buffer.from(text.replace('txnAmt=5', 'txnAmt=6')));
      case 'wrong_key':
        return this.notice(paid(orderNo, amount), {}, { ...this.signer, key: stranger });
      case 'no_signature':
        return told(Buffer.from(text.replace(/&signature=[^&]*/, '')));
      case 'stale':
        return null; // notifications bear no time of their own
      case 'unknown_certificate': {
        const certificate = issue({ key: stranger, issuer: { name: 'Played OCA1', key: stranger } });
        return this.notice(paid(orderNo, amount), {}, { certificatePem: certificate, key: stranger, method });
      }
      case 'algorithm_downgrade':
        return this.notice(paid(orderNo, amount), { signMethod: '11' });
      case 'duplicate_parameter':
        return told(Buffer.from(`${text}&txnAmt=${amount}`));
      case 'other_charset':
        return this.notice(paid(orderNo, amount), { encoding: 'GBK' });
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
    const fields = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    if (!this.isMerchants(fields)) throw new Error('a request that is not the merchant’s'); // a crash fails the test
    const path = request.url ?? '';
    this.requests.push({ path, fields });
    const answer = this.answer?.(path, fields) ?? scripted(this.script, fields);
    if (answer !== null) this.respond(response, answer);
  }

  private respond(response: ServerResponse, answer: NonNullable<UnionPayAnswer>): void {
    const signer = answer.forged ? { ...this.signer, key: this.own.stranger } : this.signer;
    const body = answer.text ?? answerBody(platformFields(answer.fields ?? {}, signer));
    response.writeHead(answer.status ?? 200, { 'content-type': 'text/html;charset=UTF-8' });
    if (!answer.cut) return void response.end(body);
    response.write(body.slice(0, 40), () => response.destroy());
  }
}

const told = (body: Buffer): RawCallback => ({
  method: 'POST',
  targetUri: 'https://gateway.example/callbacks/unionpay',
  headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
  body,
});

export const paid = (orderNo: string, amount: bigint): WireFields => ({
  accNo: '621626********0018',
  accessType: '0',
  bizType: '000201',
  currencyCode: '156',
  merId: MER_ID,
  orderId: orderNo,
  queryId: '442611221115002678498',
  respCode: '00',
  respMsg: '成功[0000000]',
  settleAmt: amount.toString(),
  settleCurrencyCode: '156',
  settleDate: '1122',
  traceNo: '784649',
  traceTime: '1122111500',
  txnAmt: amount.toString(),
  txnSubType: '01',
  txnTime: '20261122111500',
  txnType: '01',
});
