import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PLAYED_KEYS, PlayedBank, success } from '@yidian/connectors/bank-direct/played-bank';
import {
  newEd25519,
  newSecrets,
  signingKey,
  signRequest,
  verifyingKey,
  verifyRequest,
  type SigningKey,
} from '@yidian/security';
import { testDatabase, testRedisUrl, type TestDatabase } from '@yidian/testing';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway } from '../app';
import { gatewayConfig } from '../gateway.config';
import { PersonNumbers } from '../notifications/person-number';
import { Providers } from '../providers/providers';
import { schema } from '../schema';
import { freePort, playBilling, type PlayedBilling } from './played-billing';

export const OPEN_DATE = '2026-11-22';
export const SMSC_SECRET = 'smsc-secret-of-the-tests';
const partnerKeys = newEd25519();

export interface Reply<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

/** The whole gateway on a real database and Redis, between a played bank, billing and message centre, over real sockets. */
export class PlayedGateway {
  readonly texts: { id: string; to: string; text: string }[] = [];
  /** Webhooks that reached demo_shop: body and whether our signature over it verified. */
  readonly hooks: { event: { id: string; type: string; sequence: number }; verified: boolean }[] = [];
  /** What demo_shop's endpoint answers. */
  hookStatus = 200;
  private messages = 0;

  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
    readonly bank: PlayedBank,
    readonly billing: PlayedBilling,
    private readonly smsc: Server,
    readonly url: string,
    private readonly folder: string,
    /** A second bank, `bank_b`; null unless it was asked for. */
    readonly other: PlayedBank | null,
  ) {}

  /** @param with_ `files`: how files go between bank_a and us */
  static async start(
    with_: { otherBank?: boolean; settings?: Record<string, string>; files?: object } = {},
  ): Promise<PlayedGateway> {
    const [database, bank, billing] = await Promise.all([testDatabase(schema), PlayedBank.start(), playBilling()]);
    const other = with_.otherBank ? await PlayedBank.start() : null;
    const folder = mkdtempSync(join(tmpdir(), 'yd-gateway-'));
    const [httpPort, rpcPort, smscPort] = [await freePort(), await freePort(), await freePort()];
    const url = `http://127.0.0.1:${httpPort}`;
    const secrets = newSecrets('yidian_2026');
    secrets.signingKey.privateKeyPem = PLAYED_KEYS.our.privateKeyPem;
    writeFileSync(join(folder, 'secrets.json'), JSON.stringify(secrets));
    writeFileSync(
      join(folder, 'profile.json'),
      JSON.stringify(profile(bank.baseUrl, `http://127.0.0.1:${smscPort}/hooks`, other?.baseUrl, with_.files)),
    );
    const config = gatewayConfig({
      MODE: 'test',
      HTTP_PORT: `${httpPort}`,
      RPC_PORT: `${rpcPort}`,
      PUBLIC_URL: url,
      DATABASE_URL: database.url,
      REDIS_URL: testRedisUrl(),
      BILLING_RPC: `127.0.0.1:${billing.port}`,
      RECONCILIATION_RPC: '127.0.0.1:1',
      SETTLEMENT_RPC: '127.0.0.1:1',
      DATA_DIR: folder,
      PROFILE: join(folder, 'profile.json'),
      SECRETS_FILE: join(folder, 'secrets.json'),
      SMSC_URL: `http://127.0.0.1:${smscPort}/mt`,
      SMSC_SECRET,
      LOG_LEVEL: 'silent',
      COOLING_HOURS: '0',
      RISK_NUMBERS_PER_PAYER: '0',
      RISK_PAYERS_PER_NUMBER: '0',
      ...with_.settings,
    });
    const app = await createGateway(config);
    await app.startAllMicroservices();
    await app.listen(httpPort, '127.0.0.1');
    const smsc = createServer();
    const played = new PlayedGateway(app, database, bank, billing, smsc, url, folder, other);
    smsc.on('request', (request, response) => void played.outside(request, response));
    await new Promise<void>((resolve) => smsc.listen(smscPort, '127.0.0.1', resolve));
    // A Redis without memory of nonces refuses signatures made before its first second: sign again.
    await until(async () => (await played.call('GET', '/v1/payments')).status === 200);
    return played;
  }

  /** What stands between the gateway and a provider. */
  connector(provider: string): ReturnType<Providers['get']>['connector'] {
    return this.app.get(Providers).get(provider).connector;
  }

  get numbers(): PersonNumbers {
    return this.app.get(PersonNumbers, { strict: false });
  }

  /** The message centre and the partner's endpoint, on one port. */
  private async outside(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (request.url === '/hooks') {
      const url = `http://${request.headers.host ?? ''}/hooks`;
      const message = { method: 'POST', url, headers: request.headers, body };
      const key = verifyingKey('yidian_2026', 'ed25519', PLAYED_KEYS.our.publicKeyPem);
      const verified = await verifyRequest(message, () => key).then(
        () => true,
        () => false,
      );
      this.hooks.push({ event: JSON.parse(body.toString()) as (typeof this.hooks)[number]['event'], verified });
      response.statusCode = this.hookStatus;
    } else {
      const message = JSON.parse(body.toString()) as { id: string; to: string; text: string };
      if (!this.texts.some((text) => text.id === message.id)) this.texts.push(message);
    }
    response.end('{}');
  }

  async close(): Promise<void> {
    await this.app.close();
    this.smsc.closeAllConnections();
    await new Promise((resolve) => this.smsc.close(resolve));
    await Promise.all([this.bank.close(), this.other?.close(), this.billing.close(), this.database.close()]);
    rmSync(this.folder, { recursive: true });
  }

  /** A signed request of the partner `demo_shop`, or of the counter `demo_bank`. */
  async call<T = Record<string, unknown>>(
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    options: { key?: string; as?: 'demo_shop' | 'demo_bank' } = {},
  ): Promise<Reply<T>> {
    const url = this.url + path;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const plain: Record<string, string> = {
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.key === undefined ? {} : { 'idempotency-key': options.key }),
    };
    const signed = signRequest({ method, url, headers: plain, body: text }, keyOf(options.as ?? 'demo_shop'));
    const answer = await fetch(url, {
      method,
      headers: { ...plain, ...signed },
      ...(text === undefined ? {} : { body: text }),
    });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as T };
  }

  /** A file that demo_shop fetches, and whether the answer was signed. */
  async download(path: string): Promise<{ status: number; text: string; signed: boolean }> {
    const url = this.url + path;
    const signed = signRequest({ method: 'GET', url, headers: {}, body: undefined }, keyOf('demo_shop'));
    const answer = await fetch(url, { headers: signed });
    return { status: answer.status, text: await answer.text(), signed: answer.headers.has('signature') };
  }

  /** A text from a phone. */
  async text(from: string, text: string, id = `mo_${++this.messages}`): Promise<number> {
    const body = JSON.stringify({ id, from, to: '10086', text, time: new Date().toISOString() });
    const answer = await fetch(`${this.url}/channels/sms/mo`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-smsc-signature': createHmac('sha256', SMSC_SECRET).update(body).digest('hex'),
      },
      body,
    });
    return answer.status;
  }

  /** The bank calls back about an attempt, `copies` times at once. */
  async callback(
    type: string,
    data: Record<string, unknown>,
    eventId: string,
    copies = 1,
    provider = 'bank_a',
  ): Promise<string[]> {
    const targetUri = `${this.url}/callbacks/${provider}`;
    return Promise.all(
      Array.from({ length: copies }, async () => {
        const { headers, body } = this.bank.signedCallback(eventId, type, data, { targetUri });
        const plain = { 'content-type': 'application/json', ...(headers as Record<string, string>) };
        const answer = await fetch(targetUri, { method: 'POST', headers: plain, body: body.toString() });
        return `${answer.status} ${await answer.text()}`;
      }),
    );
  }

  /** An active agreement of a number, signed through the public API and the bank's callback. */
  async agreement(number: string, provider: 'bank_a' | 'bank_b' = 'bank_a'): Promise<string> {
    const bank = provider === 'bank_b' && this.other ? this.other : this.bank;
    const { baseUrl } = bank;
    const page = { sign_url: `${baseUrl}/sign`, expires_at: '2030-01-01T00:00:00Z' };
    bank.answerBy((_, body) => ({ body: { agreement_no: body['agreement_no'], ...page } }));
    const body = { reference: `A${provider}${number}`, number, provider, return_url: 'https://shop.example/back' };
    const { body: agreement } = await this.call<{ id: string }>('POST', '/v1/agreements', body, {
      key: `agr-${provider}-${number}`,
    });
    const signed = {
      agreement_no: agreement.id,
      status: 'active',
      agreement_ref: 'AR1',
      account_tail: '8812',
      bank_name: '甲银行',
    };
    await this.callback('agreement.signed', signed, `${agreement.id}_signed`, 1, provider);
    await until(async () => {
      const { body: now } = await this.call<{ state: string }>('GET', `/v1/agreements/${agreement.id}`);
      return now.state === 'active';
    });
    bank.play('succeed');
    return agreement.id;
  }

  /** The text that went to a number and fits, once it has come. */
  async received(to: string, pattern: RegExp): Promise<string> {
    const find = () => this.texts.find((message) => message.to === to && pattern.test(message.text))?.text;
    await until(
      () => Promise.resolve(find() !== undefined),
      () => this.texts.map((m) => `${m.to} ${m.text}`).join('\n'),
    );
    return find() ?? '';
  }
}

export async function until(holds: () => Promise<boolean>, tell: () => string = () => '', ms = 8_000): Promise<void> {
  for (const deadline = Date.now() + ms; !(await holds());) {
    if (Date.now() > deadline) throw new Error(`it did not happen in ${ms} ms: ${tell()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export { success };

const keyOf = (partner: string): SigningKey => signingKey(`test_${partner}`, 'ed25519', partnerKeys.privateKeyPem);

function profile(baseUrl: string, webhook: string, otherUrl?: string, files?: object): object {
  const provider = (code: string, kind: string, url = baseUrl) => ({
    code,
    nameZh: code === 'bank_a' ? '甲银行' : code,
    nameEn: code,
    kind,
    connector: 'bank-direct',
    settings: {
      baseUrl: url,
      ourKeyId: 'yidian_2026',
      theirKeys: [{ keyId: 'bank_2026', alg: 'ed25519', publicKeyPem: PLAYED_KEYS.their.publicKeyPem }],
      ...(files && code === 'bank_a' ? { files } : {}),
    },
    firstBusinessDate: OPEN_DATE,
    profile: { deadlineMs: 300, notFoundAfterMs: 0 },
    demo: true,
  });
  const partner = (id: string, scopes: string[]) => ({
    id,
    name: id,
    provider: id,
    acquiringBranch: '440000',
    scopes,
    keys: [{ keyId: `test_${id}`, alg: 'ed25519', publicKeyPem: partnerKeys.publicKeyPem }],
    demo: true,
  });
  const collect = ['numbers:query', 'payments:collect', 'payments:read', 'reversals:create', 'refunds:create'];
  return {
    providers: [
      provider('bank_a', 'bank'),
      ...(otherUrl ? [provider('bank_b', 'bank', otherUrl)] : []),
      provider('demo_shop', 'partner'),
      provider('demo_bank', 'partner'),
    ],
    partners: [
      partner('demo_bank', collect),
      {
        ...partner('demo_shop', [...collect, 'payments:create', 'agreements:create', 'events:read', 'webhooks:manage']),
        webhook,
      },
    ],
    operators: [],
  };
}
