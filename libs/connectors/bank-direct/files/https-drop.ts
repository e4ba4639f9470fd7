import { Agent, request } from 'undici';
import type { FileDrop, NamePattern } from './file-drop';

export interface HttpsOptions {
  /** Such as `https://files.bank.example/yidian`; a file's name is added to it. */
  baseUrl: string;
  /** Sent as `Authorization`; '' for none. */
  authorization: string;
  /** Of the bank's own authority, where its certificate is of no public one. */
  caPem?: string | undefined;
  /** Ours, where the bank asks for a certificate. */
  clientCertPem?: string | undefined;
  clientKeyPem?: string | undefined;
}

/** Files fetched by name over HTTPS. Nothing can be sent or listed this way. */
export class HttpsDrop implements FileDrop {
  private readonly agent: Agent;

  constructor(private readonly options: HttpsOptions) {
    const { caPem: ca, clientCertPem: cert, clientKeyPem: key } = options;
    this.agent = new Agent({
      connect: { ...(ca ? { ca } : {}), ...(cert && key ? { cert, key } : {}), timeout: 10_000 },
    });
  }

  /** Without a list only a name that leaves nothing open can be there. */
  async names(pattern: NamePattern, signal: AbortSignal): Promise<string[]> {
    if (!pattern.exact) throw new Error('this bank’s files cannot be listed: their names must be complete');
    const { statusCode, body } = await this.ask('HEAD', pattern.text, signal);
    await body.dump();
    if (statusCode === 200) return [pattern.text];
    if (statusCode === 404) return [];
    throw new Error(`HTTP ${statusCode}`);
  }

  async open(name: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | null> {
    const { statusCode, headers, body } = await this.ask('GET', name, signal);
    if (statusCode === 404) {
      await body.dump();
      return null;
    }
    if (statusCode !== 200) {
      await body.dump();
      throw new Error(`HTTP ${statusCode}`);
    }
    return wholly(body, headers['content-length']);
  }

  send(): Promise<never> {
    return Promise.reject(new Error('files cannot be sent to this bank'));
  }

  close(): Promise<void> {
    return this.agent.close();
  }

  private ask(method: 'GET' | 'HEAD', name: string, signal: AbortSignal) {
    const { baseUrl, authorization } = this.options;
    const url = `${baseUrl.replace(/\/+$/, '')}/${encodeURIComponent(name)}`;
    return request(url, {
      method,
      dispatcher: this.agent,
      signal,
      headers: authorization === '' ? {} : { authorization },
    });
  }
}

async function* wholly(bytes: AsyncIterable<Uint8Array>, length: unknown): AsyncGenerator<Uint8Array> {
  let came = 0;
  for await (const chunk of bytes) {
    came += chunk.length;
    yield chunk;
  }
  if (typeof length === 'string' && length !== String(came)) throw new Error('a file that did not arrive whole');
}
