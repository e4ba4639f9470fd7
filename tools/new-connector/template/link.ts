import { Pool } from 'undici';
import { notSent, type Outcome, type Queried, type Taken } from '../../../libs/connectors/contract';
import { faultOf, seal } from './seal';
import { orderAnswer, outcomeOf } from './words';

export interface LinkOptions {
  /** Such as `https://api.provider.example`. */
  baseUrl: string;
  secret: string;
  now: () => Date;
}

/** Sealed requests over kept-alive connections; an answer that is not sealed by the provider is no answer. */
export class Link {
  private readonly pool: Pool;

  constructor(private readonly options: LinkOptions) {
    this.pool = new Pool(options.baseUrl, { connectTimeout: 3_000 });
  }

  /** Asks about an order; the provider may also not know it. */
  async ask(path: string, request: object, signal: AbortSignal): Promise<Queried<Taken>> {
    const { status, body } = await this.post(path, request, signal);
    if (status !== 200) return { outcome: 'unknown', cause: `HTTP ${status}` };
    return outcomeOf(orderAnswer.parse(JSON.parse(body.toString('utf8'))), this.options.now());
  }

  /** Asks for something to be done: "no such order" would be about another one. */
  async tell(path: string, request: object, signal: AbortSignal): Promise<Outcome<Taken>> {
    const outcome = await this.ask(path, request, signal);
    return outcome.outcome === 'not_found' ? { outcome: 'unknown', cause: 'answered not_found' } : outcome;
  }

  async post(path: string, request: object, signal: AbortSignal): Promise<{ status: number; body: Buffer }> {
    const { secret, now } = this.options;
    const text = JSON.stringify(request);
    const headers = { 'content-type': 'application/json', ...seal(text, secret, now()) };
    const answer = await this.pool
      .request({ method: 'POST', path, headers, body: text, signal })
      .catch((error: unknown) => {
        throw notSent(error) ?? error;
      });
    const body = Buffer.from(await answer.body.arrayBuffer());
    const fault = faultOf(body, answer.headers, secret, now());
    if (fault) throw new Error(`the answer is not the provider's: ${fault}`);
    return { status: answer.statusCode, body };
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
