import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newEd25519, signRequest, signResponse, signingKey, verifyingKey, verifyRequest } from '@yidian/security';

type Body = Record<string, unknown>;

/** What the played province does with the next orders. */
export type Fault =
  | 'none'
  /** Does it, and the answer never comes. */
  | 'silent_done'
  /** Does nothing, and says nothing. */
  | 'silent_not_done'
  | 'refuse'
  | 'error_before'
  | 'error_after'
  | 'wrong_amount'
  | 'wrong_reference'
  | 'unlisted_status'
  | 'forged'
  | 'cut_after'
  | 'not_json'
  /** Takes it, and does it when told to. */
  | 'pending'
  /** Does it, and answers after 30 s. */
  | 'slow';

interface Effect {
  reference: string;
  kind: 'CREDIT' | 'REVERSAL' | 'CANCEL';
  amount: number;
  at: string;
  id: string;
}
interface Known {
  status: string;
  amount: number;
  reason?: string;
  id: string;
}

const our = newEd25519();
const their = newEd25519();
const stranger = signingKey('hunan_2026', 'ed25519', newEd25519().privateKeyPem);
const theirKey = signingKey('hunan_2026', 'ed25519', their.privateKeyPem);
export const OUR_PRIVATE_KEY = { keyId: 'billing_2026', privateKeyPem: our.privateKeyPem };
export const THEIR_PUBLIC_KEY = { keyId: 'hunan_2026', alg: 'ed25519' as const, publicKeyPem: their.publicKeyPem };
const SLOW_MS = 30_000;

/** A province's billing system, played by a real HTTP server with real signatures; it counts what it did for each reference. */
export class PlayedProvince {
  readonly effects: Effect[] = [];
  readonly requests: { path: string; body: Body }[] = [];
  /** By number: what its owner has, in fen. */
  readonly balances = new Map<string, number>();
  fault: Fault = 'none';
  /** Of each order anew, in place of `fault`. */
  chooses: ((reference: string) => Fault) | undefined;
  /** Answers to orders wait until they are let go. */
  held: ((answer: () => void) => void) | undefined;
  /** Of questions about orders. */
  queryFault: 'none' | 'silent' | 'not_found' | 'error' = 'none';
  files = new Map<string, string>();
  date = '2026-11-23';
  private readonly known = new Map<string, Known>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private server: Server | undefined;
  private port = 0;

  static async start(): Promise<PlayedProvince> {
    const province = new PlayedProvince();
    await province.listen();
    return province;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}/bss`;
  }

  /** Comes back at the same address after `vanish`. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => void this.serve(request, response));
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
  }

  async vanish(): Promise<void> {
    const { server } = this;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  async close(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    await this.vanish();
  }

  /** How often this reference moved a subscriber's balance. */
  effectsOf(reference: string, kind: Effect['kind'] = 'CREDIT'): number {
    return this.effects.filter((one) => one.reference === reference && one.kind === kind).length;
  }

  asked(path: string): number {
    return this.requests.filter((one) => one.path === path).length;
  }

  /** A pending order is done now. */
  settle(reference: string): void {
    const order = this.known.get(reference);
    if (order?.status === 'pending') this.apply('CREDIT', reference, order.amount, 'credited');
  }

  /** An event as the province would send it, or signed by somebody else. */
  event(
    url: string,
    event: Body,
    signedBy: 'province' | 'stranger' = 'province',
  ): { headers: Record<string, string>; body: string } {
    const body = JSON.stringify(event);
    const headers = { 'content-type': 'application/json' };
    const request = { method: 'POST', url, headers, body };
    return { headers: { ...headers, ...signRequest(request, signedBy === 'province' ? theirKey : stranger) }, body };
  }

  private apply(kind: Effect['kind'], reference: string, amount: number, status: string): Known {
    const id = `H${String(this.effects.length + 1).padStart(6, '0')}`;
    this.effects.push({ reference, kind, amount, at: new Date().toISOString(), id });
    const order = { status, amount, id };
    this.known.set(reference, order);
    return order;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const message = {
      method: request.method ?? '',
      url: `http://${request.headers.host ?? ''}${request.url ?? ''}`,
      headers: request.headers,
      body: raw,
    };
    const signed = await verifyRequest(message, () => verifyingKey('billing_2026', 'ed25519', our.publicKeyPem)).then(
      () => true,
      () => false,
    );
    const path = (request.url ?? '').replace('/bss', '');
    const body = raw.length > 0 ? (JSON.parse(raw.toString()) as Body) : {};
    this.requests.push({ path, body });
    const say = (status: number, answer: Body | string, key = theirKey) => {
      const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
      const reply = { status, headers: {}, body: text, request: message };
      response.writeHead(status, { ...signResponse(reply, key), 'content-type': 'application/json' }).end(text);
    };
    if (!signed) return say(401, { code: 'signature_invalid' });
    this.act(path, body, say, response);
  }

  private act(
    path: string,
    body: Body,
    say: (status: number, answer: Body | string, key?: typeof theirKey) => void,
    response: ServerResponse,
  ): void {
    if (path.startsWith('/v1/credits/2')) {
      const file = this.files.get(path.slice('/v1/credits/'.length));
      return file === undefined
        ? say(404, { code: 'not_ready' })
        : file === ''
          ? say(404, { code: 'none_today' })
          : say(200, file);
    }
    if (path === '/v1/numbers/query') return this.number(String(body['number']), say);
    if (path.endsWith('/query')) return this.query(String(body['reference']), say);
    this.order(path, body, say, response);
  }

  private number(number: string, say: (status: number, answer: Body) => void): void {
    if (this.queryFault === 'silent') return;
    const balance = this.balances.get(number);
    say(
      200,
      balance === undefined
        ? { number, status: 'unknown' }
        : { number, status: 'active', owner: '王*兰', balance, currency: 'CNY' },
    );
  }

  private query(reference: string, say: (status: number, answer: Body | string) => void): void {
    if (this.queryFault === 'silent') return;
    if (this.queryFault === 'error') return say(500, { code: 'internal' });
    const order = this.queryFault === 'not_found' ? undefined : this.known.get(reference);
    say(200, order ? answerOf(reference, order, this.date) : { reference, status: 'not_found' });
  }

  private order(
    path: string,
    body: Body,
    say: (status: number, answer: Body | string, key?: typeof theirKey) => void,
    response: ServerResponse,
  ): void {
    const reference = String(body['reference']);
    const fault = this.chooses?.(reference) ?? this.fault;
    if (fault === 'silent_not_done') return;
    if (fault === 'error_before') return say(500, { code: 'internal' });
    const order = this.carryOut(path, reference, Number(body['amount']), fault);
    const answer = answerOf(reference, order, this.date);
    switch (fault) {
      case 'silent_done':
        return;
      case 'cut_after':
        return void response.destroy();
      case 'error_after':
        return say(500, { code: 'internal' });
      case 'wrong_amount':
        return say(200, { ...answer, amount: order.amount + 1 });
      case 'wrong_reference':
        return say(200, { ...answer, reference: 'X1' });
      case 'unlisted_status':
        return say(200, { ...answer, status: 'maybe' });
      case 'forged':
        return say(200, answer, stranger);
      case 'not_json':
        return say(200, '<html>');
      case 'slow':
        return void this.timers.add(setTimeout(() => say(200, answer), SLOW_MS));
      case 'none':
      case 'refuse':
      case 'pending':
        return this.held ? this.held(() => say(200, answer)) : say(200, answer);
    }
  }

  /** One reference has one effect, however often it comes. */
  private carryOut(path: string, reference: string, amount: number, fault: Fault): Known {
    const cancels = path === '/v1/reversals/cancel';
    const before = this.known.get(reference);
    if (cancels) {
      if (before?.status !== 'reversed') return before ?? { status: 'not_found', amount: 0, id: '' };
      return this.apply('CANCEL', reference, before.amount, 'cancelled');
    }
    if (before) return before;
    const order: Known = { status: 'pending', amount, id: 'H0' };
    if (fault === 'refuse') Object.assign(order, { status: 'refused', reason: 'number_closed' });
    this.known.set(reference, order);
    if (fault === 'refuse' || fault === 'pending') return order;
    const reversal = path === '/v1/reversals';
    return this.apply(reversal ? 'REVERSAL' : 'CREDIT', reference, amount, reversal ? 'reversed' : 'credited');
  }
}

function answerOf(reference: string, order: Known, date: string): Body {
  const { status, amount, id, reason } = order;
  const done = ['credited', 'reversed', 'cancelled'].includes(status);
  return {
    reference,
    status,
    ...(reason ? { reason } : {}),
    ...(done ? { amount, currency: 'CNY', id, date, balance: 1_000 + amount } : {}),
  };
}
