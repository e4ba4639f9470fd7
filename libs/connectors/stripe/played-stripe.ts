import { toJson } from '@yidian/money';
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Connector, RawCallback } from '../contract';
import type { CallbackDamage, PlayedProvider, Script } from '../contract/conformance';
import { stripe } from './index';
import { scripted, type Asked, type StripeAnswer } from './played-scripts';
import { settings } from './settings';
import { eventBody, formOf, intentObject, signatureHeader } from './wire';

/** The time that the conformance suite's orders are made at, so that they are sent as new ones are. */
const PLAYED_NOW = new Date('2026-11-22T03:16:00.000Z');

/** Stripe, played in tests by a real HTTP server in its own wire format. */
export class PlayedStripe implements PlayedProvider {
  readonly unsignedAnswers = true;
  readonly secret = `whsec_${randomBytes(24).toString('hex')}`;
  readonly nextSecret = `whsec_${randomBytes(24).toString('hex')}`;
  readonly apiKey = `sk_test_${randomBytes(12).toString('hex')}`;
  readonly requests: Asked[] = [];
  now = PLAYED_NOW;
  private port = 0;
  private readonly server: Server;
  private script: Script = 'succeed';
  private answer: ((asked: Asked) => StripeAnswer) | undefined;
  private made: Connector | undefined;

  private constructor() {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  static async start(): Promise<PlayedStripe> {
    const played = new PlayedStripe();
    await new Promise<void>((resolve) => played.server.listen(0, '127.0.0.1', resolve));
    played.port = (played.server.address() as AddressInfo).port;
    return played;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get connector(): Connector {
    const { url, secret, nextSecret, apiKey } = this;
    const given = { webhookSecrets: [secret, nextSecret], apiKey, baseUrl: url, filesUrl: url };
    return (this.made ??= stripe(settings.parse(given), 'stripe_1', () => this.now, 20));
  }

  play(script: Script): void {
    this.script = script;
    this.answer = undefined;
  }

  /** Answers by hand, for what the scripts do not know. */
  answerBy(answer: (asked: Asked) => StripeAnswer): void {
    this.answer = answer;
  }

  seen(): number {
    return this.requests.length;
  }

  /** Requests to a path, oldest first. */
  received(method: string, path: string): Asked[] {
    return this.requests.filter((asked) => asked.method === method && asked.path === path);
  }

  callback(orderNo: string, amount: bigint): RawCallback {
    return this.signed(eventOf(orderNo, amount, this.unix), [this.secret]);
  }

  damaged(how: CallbackDamage, orderNo: string, amount: bigint): RawCallback | null {
    const good = this.callback(orderNo, amount);
    const body = good.body.toString();
    const header = String(good.headers['stripe-signature']);
    const headed = (line: string): RawCallback => ({ ...good, headers: { ...good.headers, 'stripe-signature': line } });
    switch (how) {
      case 'altered_byte':
        return { ...good, body: Buffer.from(body.replace('5000', '9000')) };
      case 'wrong_key':
        return this.signed(body, ['whsec_somebody_else']);
      case 'no_signature':
        return { ...good, headers: {} };
      case 'stale':
        return this.signed(body, [this.secret], this.unix - 301);
      case 'unknown_certificate':
        return null; // a shared secret has no name: an unknown one is a wrong one
      case 'algorithm_downgrade':
        return headed(signatureHeader(body, [this.secret], this.unix, 'v0'));
      case 'duplicate_parameter':
        return headed(`t=${this.unix - 1_000},${header}`);
      case 'other_charset':
        return { ...good, headers: { ...good.headers, 'content-type': 'application/json; charset=utf-16le' } };
    }
  }

  signed(body: string, secrets: readonly string[], unix = this.unix): RawCallback {
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': signatureHeader(body, secrets, unix),
    };
    const targetUri = 'https://gateway.example/callbacks/stripe_1';
    return { method: 'POST', targetUri, headers, body: Buffer.from(body) };
  }

  get unix(): number {
    return Math.floor(this.now.getTime() / 1_000);
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
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    const form = formOf(Buffer.concat(chunks).toString());
    const { method = '', headers } = request;
    const asked: Asked = { method, path: pathname, query: new Map(searchParams), form, headers };
    this.requests.push(asked);
    if (headers.authorization !== `Bearer ${this.apiKey}`) return void response.writeHead(401).end('{}');
    const answer = this.answer ? this.answer(asked) : scripted(this.script, asked, this.unix);
    if (answer === null) return;
    if (answer.cut) return void response.destroy();
    const content = answer.text ?? JSON.stringify(answer.body ?? {}, null, 2);
    response
      .writeHead(answer.status ?? 200, { 'content-type': 'application/json', 'request-id': 'req_1' })
      .end(content);
  }
}

/** A payment that went through, as its event tells it. */
export function eventOf(orderNo: string, amount: bigint, unix: number): string {
  const metadata = { order_no: orderNo, order_kind: 'debit' };
  const facts = { id: `pi_${orderNo}`, amount: toJson(amount), currency: 'cny', created: unix, status: 'succeeded' };
  const intent = intentObject({ ...facts, metadata, chargeId: `ch_${orderNo}` });
  // An event names the charge by its id only.
  return eventBody(`evt_${orderNo}`, 'payment_intent.succeeded', { ...intent, latest_charge: `ch_${orderNo}` }, unix);
}
