import Stripe from 'stripe';
import { request as httpRequest } from 'undici';
import { NotSent } from '../contract';
import { failed, LineError, StripeHttpClient } from './http-client';
import type { StripeSettings } from './settings';

/** The kit's errors, to tell one answer from another. */
export const { StripeError, StripeConnectionError } = Stripe.errors;

/**
 * The official kit, spoken to over our own connections: no retries of its own, no telemetry, and every request ends with
 * the caller's signal.
 */
export class StripeApi {
  private readonly kit: Stripe | null;
  private readonly http: StripeHttpClient;

  constructor(
    private readonly settings: StripeSettings,
    readonly provider: string,
    readonly now: () => Date,
  ) {
    const { protocol, hostname, port } = new URL(settings.baseUrl);
    this.http = new StripeHttpClient(settings.baseUrl);
    this.kit =
      settings.apiKey === undefined
        ? null
        : new Stripe(settings.apiKey, {
            httpClient: this.http,
            protocol: protocol === 'http:' ? 'http' : 'https',
            host: hostname,
            port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
            maxNetworkRetries: 0,
            telemetry: false,
            typescript: true,
            ...(settings.stripeAccount === undefined ? {} : { stripeAccount: settings.stripeAccount }),
          });
  }

  /**
   * @throws NotSent when surely nothing left us
   * @throws StripeError with what the API said, or when it said nothing that can be relied on
   */
  async call<T>(signal: AbortSignal, work: (kit: Stripe) => Promise<T>): Promise<T> {
    const { kit } = this;
    if (!kit) throw new NotSent(`${this.provider} is set up without apiKey`);
    try {
      return await this.http.within(signal, () => work(kit));
    } catch (error) {
      throw notSent(error) ?? error;
    }
  }

  /** Bytes of a file; the key goes to the files' own host only, whatever address an answer names. */
  async file(id: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const { apiKey, filesUrl, stripeAccount } = this.settings;
    if (!apiKey) throw new NotSent(`${this.provider} is set up without apiKey`);
    if (!/^file_\w{1,200}$/.test(id)) throw new Error('no id of a file');
    const account = stripeAccount === undefined ? {} : { 'stripe-account': stripeAccount };
    const headers = { authorization: `Bearer ${apiKey}`, ...account };
    const url = `${filesUrl.replace(/\/+$/, '')}/v1/files/${id}/contents`;
    const answer = await httpRequest(url, { headers, signal }).catch(failed);
    if (answer.statusCode === 200) return answer.body;
    await answer.body.dump();
    throw new Error(`file of a report: HTTP ${answer.statusCode}`);
  }

  close(): Promise<void> {
    return this.http.close();
  }
}

/** The kit wraps what its HTTP client throws; `detail` is the error itself. */
function notSent(error: unknown): NotSent | undefined {
  if (!(error instanceof StripeConnectionError)) return undefined;
  const line: unknown = (error as { detail?: unknown }).detail;
  if (!(line instanceof LineError) || !line.notSent) return undefined;
  return new NotSent(`no connection (${line.reason})`, { cause: error });
}
