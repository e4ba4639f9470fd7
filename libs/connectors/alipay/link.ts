import { Agent, type Dispatcher } from 'undici';
import { notSent } from '../contract';
import type { AlipayKeys } from './alipay-keys';
import { required, type Call, type Merchant } from './merchant';
import { membersOf, wordOf } from './raw-json';
import { verifySigned } from './signature';
import { said, type Word } from './words';

export interface LinkOptions {
  gateway: string;
  merchant: Merchant | null;
  keys: AlipayKeys;
  now: () => Date;
  /** Called with an answer that names a certificate nobody has; resolves to true when it may have become known. */
  learn: (certSn: string, signal: AbortSignal) => Promise<boolean>;
}

/** A verified answer: `10000` done, `10003` under way, `40004` refused for the reason in `subCode`, others as documented. */
export interface AlipayAnswer {
  code: string;
  subCode: string;
  word: Word;
}

const FORM = 'application/x-www-form-urlencoded;charset=utf-8';
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Signed calls to the gateway of Alipay; an answer whose signature does not verify is no answer. */
export class Link {
  private readonly gateway: URL;
  private readonly agent = new Agent({ connections: 64, connectTimeout: 3_000, pipelining: 1 });

  constructor(private readonly options: LinkOptions) {
    this.gateway = new URL(options.gateway);
    this.gateway.searchParams.set('charset', 'utf-8');
  }

  async call(call: Call, signal: AbortSignal): Promise<AlipayAnswer> {
    const { node, sign, certSn } = await this.post(call, signal);
    const verify = () => verifySigned({ contents: [node], sign, certSn }, this.options.keys, this.options.now());
    let verdict = verify();
    if (!verdict.verified && verdict.fault === 'key_unknown' && (await this.options.learn(certSn, signal)))
      verdict = verify();
    if (!verdict.verified) throw new Error(`an answer that is not Alipay's: ${verdict.fault}`);
    return answerOf(node);
  }

  /** Only for what vouches for itself. */
  async callUnverified(call: Call, signal: AbortSignal): Promise<AlipayAnswer> {
    return answerOf((await this.post(call, signal)).node);
  }

  /** Where a browser or an app goes by itself: the call in the address, signed. */
  addressOf(call: Call): string {
    const { origin, pathname } = this.gateway;
    return `${origin}${pathname}?${this.signed(call)}`;
  }

  /** What the kit in an app is called with. */
  signed(call: Call): string {
    return required(this.options.merchant).signed(call, this.options.now());
  }

  /** A bill's file; its address came in a signed answer. */
  async download(address: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const url = new URL(address);
    if (url.origin !== this.gateway.origin) {
      if (!isTheirs(url)) throw new Error('a bill lies at a strange address');
      url.protocol = 'https:'; // addresses have been seen without TLS, and the file itself is not signed
    }
    const path = url.pathname + url.search;
    return (await this.send({ origin: url.origin, path, method: 'GET' }, signal)).body;
  }

  close(): Promise<void> {
    return this.agent.close();
  }

  private async post(call: Call, signal: AbortSignal): Promise<{ node: string; sign: string; certSn: string }> {
    const { origin, pathname, search } = this.gateway;
    const body = this.signed(call);
    const answer = await this.send(
      { origin, path: pathname + search, method: 'POST', headers: { 'content-type': FORM }, body },
      signal,
    );
    const members = membersOf(utf8.decode(await answer.body.arrayBuffer()));
    const node = members.get(`${call.method.replaceAll('.', '_')}_response`);
    if (!node?.startsWith('{')) throw new Error('an answer to another call, or none');
    return { node, sign: text(members, 'sign'), certSn: text(members, 'alipay_cert_sn') };
  }

  private async send(
    request: { origin: string; path: string; method: 'GET' | 'POST'; headers?: Record<string, string>; body?: string },
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const answer = await this.agent.request({ ...request, signal }).catch((error: unknown) => {
      throw notSent(error) ?? error;
    });
    if (answer.statusCode === 200) return answer;
    await answer.body.dump();
    throw new Error(`HTTP ${answer.statusCode}`);
  }
}

/** Where Alipay itself lives, its test gateway included. */
const isTheirs = ({ protocol, hostname, port }: URL): boolean =>
  /^https?:$/.test(protocol) && port === '' && /(^|\.)(alipay\.com|alipaydev\.com)$/.test(hostname);

function answerOf(node: string): AlipayAnswer {
  const word = wordOf(node);
  return { code: said(word, 'code'), subCode: said(word, 'sub_code'), word };
}

function text(members: ReadonlyMap<string, string>, name: string): string {
  const raw = members.get(name);
  return raw?.startsWith('"') ? (JSON.parse(raw) as string) : '';
}
