import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Connector, RawCallback } from '../../../libs/connectors/contract';
import type { CallbackDamage, PlayedProvider, Script } from '../../../libs/connectors/contract/conformance';
import { sample } from './index';
import { faultOf, seal } from './seal';

type Body = Record<string, unknown>;

const SECRET = 'a secret of the tests';
const STRANGERS = 'the secret of a stranger';
const CALLBACK_URL = 'https://gateway.example/callbacks/sample';

/** The provider, played by a real server that seals what it says. */
export class PlayedSample implements PlayedProvider {
  readonly connector: Connector;
  private script: Script = 'succeed';
  private requests = 0;
  private readonly sums = new Map<unknown, unknown>();

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => void this.serve(request, response));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.connector = sample({ provider: 'sample', baseUrl, secret: SECRET, now: () => new Date() });
  }

  static async start(): Promise<PlayedSample> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PlayedSample(server);
  }

  play(script: Script): void {
    this.script = script;
  }

  seen(): number {
    return this.requests;
  }

  callback(orderNo: string, amount: bigint, secret = SECRET, at = new Date()): RawCallback {
    const order = success({ order_no: orderNo, amount: Number(amount) });
    const body = Buffer.from(
      JSON.stringify({ event_id: `e-${orderNo}`, type: 'order', occurred_at: at.toISOString(), order }),
    );
    return { method: 'POST', targetUri: CALLBACK_URL, headers: seal(body, secret, at), body };
  }

  damaged(how: CallbackDamage, orderNo: string, amount: bigint): RawCallback | null {
    const good = this.callback(orderNo, amount);
    switch (how) {
      case 'altered_byte':
        return { ...good, body: Buffer.from(good.body.toString().replace('5000', '9000')) };
      case 'wrong_key':
        return this.callback(orderNo, amount, STRANGERS);
      case 'no_signature':
        return { ...good, headers: {} };
      case 'stale':
        return this.callback(orderNo, amount, SECRET, new Date(Date.now() - 3_600_000));
      case 'duplicate_parameter':
        return { ...good, headers: { ...good.headers, 'x-signature': [String(good.headers['x-signature']), 'x'] } };
      case 'other_charset':
        return { ...good, body: Buffer.from(good.body.toString(), 'utf16le') };
      case 'unknown_certificate':
      case 'algorithm_downgrade':
        return null; // one secret and one algorithm: there is nothing to choose
    }
  }

  async vanish(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  async close(): Promise<void> {
    await this.connector.close();
    if (this.server.listening) await this.vanish();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    this.requests++;
    const fault = faultOf(body, request.headers, SECRET, new Date());
    if (fault) return void response.writeHead(401).end(fault);
    const asked = JSON.parse(body.toString()) as Body;
    if (asked['amount'] !== undefined) this.sums.set(asked['order_no'], asked['amount']);
    const known = { ...asked, amount: asked['amount'] ?? this.sums.get(asked['order_no']) ?? 5000 };
    if (this.script === 'silent') return;
    if (this.script === 'cut_line') return void response.destroy();
    const text = this.script === 'not_json' ? '<html>' : JSON.stringify(scripted(this.script, known));
    const headers = seal(text, this.script === 'forged' ? STRANGERS : SECRET);
    response.writeHead(this.script === 'server_error' ? 500 : 200, headers).end(text);
  }
}

let transactions = 0;

const success = (order: Body): Body => ({
  ...order,
  ...{ status: 'SUCCESS', txn_id: `T${++transactions}`, currency: 'CNY', business_date: '2026-11-22' },
  completed_at: new Date().toISOString(),
});

function scripted(script: Script, { order_no, amount }: Body): Body {
  switch (script) {
    case 'decline':
      return { order_no, status: 'REFUSED', reason: 'INSUFFICIENT_FUNDS' };
    case 'pending':
      return { order_no, status: 'PROCESSING' };
    case 'not_found':
      return { order_no, status: 'NO_SUCH_ORDER' };
    case 'wrong_amount':
      return success({ order_no, amount: Number(amount) + 100 });
    case 'wrong_order':
      return success({ order_no: 'X1', amount });
    case 'unlisted_status':
      return { ...success({ order_no, amount }), status: 'MAYBE' };
    default:
      return success({ order_no, amount });
  }
}
