import { Agent } from 'undici';
import { notSent } from '../contract';
import { encodeForm, parseAnswer, type Fields } from './fields';
import { required, signedRequest, type Merchant } from './merchant';
import { verifyFields, type SignMethod } from './signature';
import type { Trust } from './trust';

export interface LinkOptions {
  baseUrl: string;
  fileUrl: string;
  merchant: Merchant | null;
  method: SignMethod;
  trust: Trust;
  now: () => Date;
}

export type Asked = Readonly<Record<string, string>>;

/** Signed forms to UnionPay; an answer whose signature does not verify, or that is about another merchant, is no answer. */
export class Link {
  private readonly base: string;
  private readonly agent = new Agent({ connections: 64, connectTimeout: 3_000, pipelining: 1 });

  constructor(private readonly options: LinkOptions) {
    this.base = options.baseUrl.replace(/\/+$/, '');
  }

  get merchant(): Merchant {
    return required(this.options.merchant);
  }

  pageUrl(path: string): string {
    return `${this.base}/gateway/api/${path}`;
  }

  /** @param path such as `backTransReq.do` */
  post(path: string, asked: Asked, signal: AbortSignal): Promise<Fields> {
    return this.ask(this.pageUrl(path), asked, signal);
  }

  file(asked: Asked, signal: AbortSignal): Promise<Fields> {
    return this.ask(this.options.fileUrl, asked, signal);
  }

  close(): Promise<void> {
    return this.agent.close();
  }

  private async ask(url: string, asked: Asked, signal: AbortSignal): Promise<Fields> {
    const { merchant, options } = this;
    const { origin, pathname, search } = new URL(url);
    const answer = await this.agent
      .request({
        origin,
        path: pathname + search,
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', 'user-agent': 'yidian' },
        body: encodeForm(signedRequest(merchant, asked)),
        signal,
      })
      .catch((error: unknown) => {
        throw notSent(error) ?? error;
      });
    const body = Buffer.from(await answer.body.arrayBuffer());
    if (answer.statusCode !== 200) throw new Error(`HTTP ${answer.statusCode}`);
    const fields = parseAnswer(body);
    const verdict = verifyFields(fields, options.method, options.trust, options.now());
    if (!verdict.verified) throw new Error(`an answer that is not UnionPay's: ${verdict.fault}`);
    if (fields.get('merId') !== merchant.merId) throw new Error('an answer about another merchant');
    return fields;
  }
}
