import { fromJson, toJson } from '@yidian/money';
import { newEd25519, signRequest, signResponse, signingKey, verifyingKey, verifyRequest } from '@yidian/security';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RawCallback } from '../contract';
import type { CallbackDamage, PlayedProvider, Script } from '../contract/conformance';
import { bankDirect } from './index';

type Body = Record<string, unknown>;
interface SignatureChoice {
  signedBy?: 'provider' | 'stranger';
  targetUri?: string;
  created?: number;
  keyId?: string;
  /** Signs by HMAC with the public key's own text, which everybody knows. */
  hmac?: boolean;
}
/** null: the answer never comes. `sent`: what goes out instead of what was signed. */
export type BankAnswer = {
  status?: number;
  body: Body | string;
  sent?: string;
  forged?: boolean;
  cut?: boolean;
} | null;

const our = newEd25519();
const their = newEd25519();
const stranger = newEd25519();
const theirKey = signingKey('bank_2026', 'ed25519', their.privateKeyPem);
const downgraded = signingKey('bank_2026', 'hmac-sha256', Buffer.from(their.publicKeyPem).toString('base64'));
const strangerKey = signingKey('bank_2026', 'ed25519', stranger.privateKeyPem);

export const PLAYED_KEYS = { our, their };

/** A bank of our direct interface, played in tests by a real HTTP server with real signatures in both directions. */
export class PlayedBank implements PlayedProvider {
  private readonly server: Server;
  private requests: { path: string; body: Body }[] = [];
  private script: Script = 'succeed';
  /** Sums by order number, for answering questions about them. */
  private readonly sums = new Map<unknown, unknown>();
  private answer: ((path: string, body: Body) => BankAnswer) | undefined;
  private made: ReturnType<typeof bankDirect> | undefined;
  private port = 0;

  private constructor() {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  static async start(): Promise<PlayedBank> {
    const bank = new PlayedBank();
    await bank.comeBack();
    bank.port = (bank.server.address() as AddressInfo).port;
    return bank;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}/h2h`;
  }

  get connector() {
    return (this.made ??= bankDirect({
      provider: 'bank_a',
      baseUrl: this.baseUrl,
      ourKey: signingKey('yidian_2026', 'ed25519', our.privateKeyPem),
      theirKeys: [verifyingKey('bank_2026', 'ed25519', their.publicKeyPem)],
    }));
  }

  play(script: Script): void {
    this.script = script;
    this.answer = undefined;
  }

  /** Answers by hand, for what the scripts do not know. */
  answerBy(answer: (path: string, body: Body) => BankAnswer): void {
    this.answer = answer;
  }

  seen(): number {
    return this.requests.length;
  }

  /** Bodies that reached a path, oldest first. */
  received(path: string): Body[] {
    return this.requests.filter((request) => request.path === path).map((request) => request.body);
  }

  callback(orderNo: string, amount: bigint, options: SignatureChoice = {}): RawCallback {
    const data = success({ attempt_no: orderNo, amount: toJson(amount) });
    return this.signedCallback(`${orderNo}_ok`, 'debit.succeeded', data, options);
  }

  damaged(how: CallbackDamage, orderNo: string, amount: bigint): RawCallback | null {
    const good = this.callback(orderNo, amount);
    switch (how) {
      case 'altered_byte':
        return { ...good, body: Buffer.from(good.body.toString().replace('5000', '9000')) };
      case 'wrong_key':
        return this.callback(orderNo, amount, { signedBy: 'stranger' });
      case 'no_signature':
        return { ...good, headers: {} };
      case 'stale':
        return this.callback(orderNo, amount, { created: Math.floor(Date.now() / 1000) - 3_600 });
      case 'unknown_certificate':
        return this.callback(orderNo, amount, { keyId: 'bank_1999' });
      case 'algorithm_downgrade':
        return this.callback(orderNo, amount, { hmac: true });
      case 'duplicate_parameter':
        return { ...good, headers: { ...good.headers, signature: [good.headers['signature'], 'x'].flatMap(String) } };
      case 'other_charset':
        return { ...good, headers: { ...good.headers, 'content-type': 'application/json; charset=GBK' } };
    }
  }

  signedCallback(eventId: string, type: string, data: Body, options: SignatureChoice = {}): RawCallback {
    const body = JSON.stringify({ event_id: eventId, type, occurred_at: new Date().toISOString(), data });
    const url = options.targetUri ?? 'https://gateway.example/callbacks/bank_a';
    const key = options.hmac ? downgraded : options.signedBy === 'stranger' ? strangerKey : theirKey;
    const named = { ...key, keyId: options.keyId ?? key.keyId };
    const at = options.created === undefined ? {} : { created: options.created };
    const headers = signRequest({ method: 'POST', url, headers: {}, body }, named, at);
    return { method: 'POST', targetUri: url, headers, body: Buffer.from(body) };
  }

  async vanish(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** Listens again, where it did before. */
  async comeBack(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    await this.made?.close();
    if (this.server.listening) await this.vanish();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const asked = { method: request.method ?? '', url: this.urlOf(request), headers: request.headers, body };
    await verifyRequest(asked, () => verifyingKey('yidian_2026', 'ed25519', our.publicKeyPem)); // a crash fails the test
    const path = (request.url ?? '').replace('/h2h', '');
    const json = (body.length > 0 ? JSON.parse(body.toString()) : {}) as Body;
    this.requests.push({ path, body: json });
    const orderNo = json['refund_no'] ?? json['attempt_no'];
    if (json['amount'] !== undefined) this.sums.set(orderNo, json['amount']);
    const known = { ...json, amount: json['amount'] ?? this.sums.get(orderNo) ?? 5000 };
    const answer = this.answer ? this.answer(path, json) : scripted(this.script, known, path);
    if (answer === null) return;
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    const status = answer.status ?? 200;
    const key = answer.forged ? strangerKey : theirKey;
    const signed = signResponse({ status, headers: {}, body: text, request: asked }, key);
    if (answer.cut) return void response.destroy();
    response.writeHead(status, { 'content-type': 'application/json', ...signed }).end(answer.sent ?? text);
  }

  private urlOf(request: IncomingMessage): string {
    return `http://${request.headers.host ?? ''}${request.url ?? ''}`;
  }
}

let transactions = 0;

/** What the bank says of an order it has carried out. */
export function success(order: Body): Body {
  return {
    ...order,
    status: 'succeeded',
    txn_id: `T${++transactions}`,
    currency: 'CNY',
    business_date: '2026-11-22',
    completed_at: new Date().toISOString(),
  };
}

function scripted(script: Script, asked: Body, path: string): BankAnswer {
  const { attempt_no, refund_no } = asked;
  const order: Body = refund_no ? { refund_no, attempt_no } : { attempt_no };
  const { amount } = asked;
  const page = { ...order, pay_url: 'https://bank.example/pay/1', expires_at: '2030-01-01T00:00:00Z' };
  const done = path === '/v1/cashiers' ? page : success({ ...order, amount });
  switch (script) {
    case 'succeed':
      return { body: done };
    case 'decline':
      return { body: { ...order, status: refund_no ? 'failed' : 'declined', reason: 'insufficient_funds' } };
    case 'pending':
    case 'not_found':
      return { body: { ...order, status: script } };
    case 'silent':
      return null;
    case 'wrong_amount':
      return { body: { ...done, amount: toJson(fromJson(amount) + 100n) } };
    case 'wrong_order':
      return { body: { ...done, ...(refund_no ? { refund_no: 'X1' } : { attempt_no: 'X1' }) } };
    case 'unlisted_status':
      return { body: { ...done, status: 'maybe' } };
    case 'forged':
      return { body: done, forged: true };
    case 'server_error':
      return { status: 500, body: { code: 'internal' } };
    case 'cut_line':
      return { body: done, cut: true };
    case 'not_json':
      return { body: '<html>' };
  }
}
