import { Problem } from '@yidian/errors';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Logger } from '@yidian/telemetry';
import { Admission, type AdmissionOptions } from './admission';
import { DirectPosts } from './direct';
import { newId } from './ids';
import { languageOf } from './language';
import { sendProblem } from './problem-filter';
import { RouteTable } from './route-table';
import { standingHeaders } from './security-headers';
import { trustedProxies } from './trusted-proxies';
import { cutUnusedConnections } from './unused-connections';

export const BODY_LIMIT = 64 * 1024;

export interface HttpServerOptions {
  /** Where callers reach us, such as `https://pay.example`; makes problem types and signature targets. */
  publicUrl: string;
  logger: Logger;
  /** Proxies whose X-Forwarded-For is believed; none when empty. */
  trustProxy?: string[];
  admission?: Partial<AdmissionOptions>;
  /** Where pages begin whose forms may go to another host, such as `/pay/`; nowhere when absent. */
  formsLeave?: string;
}

export interface HttpServer {
  instance: FastifyInstance;
  routes: RouteTable;
  direct: DirectPosts;
}

/**
 * The Fastify instance given to Nest's adapter. It owns what must hold before any route is found: request id, body
 * limit, exact bytes of the body, admission, security headers.
 */
export function httpServer(options: HttpServerOptions): HttpServer {
  const trusts = trustedProxies(options.trustProxy);
  const instance = Fastify({
    bodyLimit: BODY_LIMIT,
    trustProxy: trusts ?? false,
    exposeHeadRoutes: true,
    logger: false,
    genReqId: () => newId('req'),
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
  });
  const routes = new RouteTable(instance);
  instance.decorateRequest('rawBody', null);
  instance.decorateRequest('requestId', '');
  instance.decorateRequest('callerRequestId', null);
  instance.decorateRequest('language', 'en');
  const admission = new Admission(options.admission);
  const standing = standingHeaders(options.publicUrl, options.formsLeave);
  instance.addHook('onRequest', (request, reply, done) => {
    request.requestId = request.id;
    request.callerRequestId = correlation(request);
    request.language = languageOf(request.headers['accept-language']);
    void reply.headers(standing(request.headers, request.url)).header('request-id', request.id);
    const refusal = admission.refusalOf(request.url);
    if (refusal) return sendProblem(refusal, request, reply, options.publicUrl);
    admission.enter();
    reply.raw.on('close', admission.leave);
    done();
  });
  jsonBodies(instance);
  const watch = cutUnusedConnections(instance);
  const direct = new DirectPosts(instance, { publicUrl: options.publicUrl, admission, trusts, standing, watch });
  instance.decorate('direct', direct);
  return { instance, routes, direct };
}

export const JSON_TYPES = /^application\/(?:[\w.+-]+\+)?json/i;

/** JSON bodies keep their exact bytes; nothing else is understood unless a room adds it. */
function jsonBodies(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser(JSON_TYPES, { parseAs: 'buffer' }, (request, body, done) => {
    request.rawBody = body as Buffer;
    try {
      done(null, parseJson(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws Problem json_invalid for anything but one JSON text in UTF-8 */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw new Problem('json_invalid');
  }
}

function correlation(request: FastifyRequest): string | null {
  const header = request.headers['x-request-id'];
  return typeof header === 'string' && /^[\w.:-]{1,128}$/.test(header) ? header : null;
}
