import type { Language } from '@yidian/errors';
import type { VerifyingKey } from '@yidian/security';
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { newId } from '../ids';
import { languageOf } from '../language';
import { callerAddress, type TrustsProxy } from '../trusted-proxies';

/** Of a route, as Fastify tells it. */
export interface DirectRouteOptions {
  url: string;
  bodyLimit: number;
}

/** What a room may ask about a request, under the names that Fastify's has. */
export class DirectCall {
  readonly method = 'POST';
  readonly requestId = newId('req');
  readonly language: Language;
  signedBy: VerifyingKey | undefined = undefined;

  constructor(
    readonly routeOptions: DirectRouteOptions,
    readonly headers: IncomingHttpHeaders,
    readonly rawBody: Buffer,
    private readonly socket: Socket,
    private readonly trusts: TrustsProxy | null,
  ) {
    this.language = languageOf(headers['accept-language']);
  }

  get url(): string {
    return this.routeOptions.url;
  }

  get ip(): string {
    const forwardedFor = this.headers['x-forwarded-for'] as string | undefined; // each field stands once
    return callerAddress(this.socket.remoteAddress ?? '', forwardedFor, this.trusts);
  }
}
