import { Agent, type Dispatcher } from 'undici';
import { notSent } from '../contract';
import { authorization, required, type Merchant } from './merchant';
import type { PlatformKeys } from './platform-keys';
import { verifySignature, type SignedHeaders } from './signature';

export interface LinkOptions {
  baseUrl: string;
  merchant: Merchant | null;
  keys: PlatformKeys;
  now: () => Date;
  /** Called with an answer that names a key nobody has; resolves to true when it may have become known. */
  learnKeys: (serial: string, signal: AbortSignal) => Promise<boolean>;
}

export interface LinkAnswer {
  status: number;
  body: Buffer;
}
interface RawAnswer extends LinkAnswer {
  headers: SignedHeaders;
}

/** Signed requests to WeChat Pay; an answer whose signature does not verify is no answer. */
export class Link {
  private readonly base: URL;
  private readonly agent = new Agent({ connections: 64, connectTimeout: 3_000, pipelining: 1 });

  constructor(private readonly options: LinkOptions) {
    this.base = new URL(options.baseUrl.replace(/\/+$/, ''));
  }

  post(path: string, body: object, signal: AbortSignal): Promise<LinkAnswer> {
    return this.verified('POST', path, JSON.stringify(body), signal);
  }

  get(path: string, signal: AbortSignal): Promise<LinkAnswer> {
    return this.verified('GET', path, '', signal);
  }

  /** Not verified: platform certificates vouch for themselves, sealed with the APIv3 key. */
  getUnverified(path: string, signal: AbortSignal): Promise<RawAnswer> {
    return this.send('GET', this.urlOf(path), '', signal);
  }

  /** A bill's file, whose answer WeChat Pay does not sign; its hash came in a signed one. */
  async download(
    url: string,
    signal: AbortSignal,
  ): Promise<LinkAnswer | { status: 200; bytes: AsyncIterable<Uint8Array> }> {
    const target = new URL(url);
    if (target.origin !== this.base.origin && !isTheirs(target)) throw new Error('a bill lies at a strange address');
    const answer = await this.asked('GET', target, '', signal);
    return answer.statusCode === 200 ? { status: 200, bytes: answer.body } : await whole(answer);
  }

  close(): Promise<void> {
    return this.agent.close();
  }

  private urlOf(path: string): URL {
    return new URL(this.base.origin + this.base.pathname.replace(/\/$/, '') + path);
  }

  private async verified(method: 'GET' | 'POST', path: string, body: string, signal: AbortSignal): Promise<LinkAnswer> {
    const answer = await this.send(method, this.urlOf(path), body, signal);
    const verify = () => verifySignature(answer.headers, answer.body, this.options.keys, this.options.now());
    let verdict = verify();
    if (!verdict.verified && verdict.fault === 'key_unknown') {
      if (await this.options.learnKeys(String(answer.headers['wechatpay-serial']), signal)) verdict = verify();
    }
    if (!verdict.verified) throw new Error(`an answer that is not WeChat Pay's: ${verdict.fault}`);
    return answer;
  }

  private async send(method: 'GET' | 'POST', url: URL, body: string, signal: AbortSignal): Promise<RawAnswer> {
    return await whole(await this.asked(method, url, body, signal));
  }

  private asked(method: 'GET' | 'POST', url: URL, body: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { keys, now } = this.options;
    const merchant = required(this.options.merchant, 'merchantPrivateKeyPem');
    const path = url.pathname + url.search;
    const publicKeyId = keys.publicKeyId;
    const headers = {
      authorization: authorization(merchant, method, path, body, now()),
      accept: 'application/json',
      'user-agent': 'yidian',
      ...(body === '' ? {} : { 'content-type': 'application/json' }),
      ...(publicKeyId === undefined ? {} : { 'wechatpay-serial': publicKeyId }),
    };
    return this.agent
      .request({ origin: url.origin, path, method, headers, body: body === '' ? null : body, signal })
      .catch((error: unknown) => {
        throw notSent(error) ?? error;
      });
  }
}

async function whole({ statusCode: status, headers, body }: Dispatcher.ResponseData): Promise<RawAnswer> {
  return { status, body: Buffer.from(await body.arrayBuffer()), headers };
}

/** Where WeChat Pay itself lives: our signature goes nowhere else. */
const isTheirs = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' && /(^|\.)(mch\.weixin\.qq\.com|wechatpay\.cn)$/.test(hostname);
