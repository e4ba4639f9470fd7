import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { signResponse, verifyRequest, type RequestMessage, type VerifyingKey } from '@yidian/security';
import type { Logger } from '@yidian/telemetry';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CONFIG, type BillingConfig } from '../../billing.config';
import { HttpDoors } from '../../resources/http-doors';
import { LOGGER } from '../../resources/logger';
import { Adapters } from '../adapters';
import { digestOf, eventIdOf } from './event-words';
import { EventBell } from './event-bell';
import { EventsStore } from './events.store';

const PREFIX = '/bss/';
const PATH = /^\/bss\/(\d{6})\/events$/;
const MOST_BYTES = 64 * 1024;
const MOST_AT_ONCE = 64;
const READ_MS = 5_000;

interface Answer {
  status: number;
  text: string;
}
const no = (status: number, code: string): Answer => ({ status, text: JSON.stringify({ code }) });

/**
 * Promise: `success` is said only for an event whose bytes its province has signed and that is stored. Nothing here knows
 * what the event means; a job finds out later.
 */
@Injectable()
export class EventDoor implements OnModuleInit {
  private inside = 0;

  constructor(
    @Inject(CONFIG) private readonly config: BillingConfig,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly doors: HttpDoors,
    private readonly adapters: Adapters,
    private readonly store: EventsStore,
    private readonly bell: EventBell,
  ) {}

  onModuleInit(): void {
    this.doors.open(PREFIX, (request, response) => void this.take(request, response));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.inside >= MOST_AT_ONCE) return this.say(response, no(503, 'busy'), null);
    this.inside += 1;
    try {
      const body = await readBody(request);
      const message = body && this.messageOf(request, body);
      const branch = PATH.exec(request.url ?? '')?.[1];
      this.say(response, message ? await this.answer(message, branch) : no(413, 'body_too_large'), message);
    } catch (err) {
      this.logger.warn({ err }, 'an event was not taken');
      this.say(response, no(503, 'busy'), null); // not stored for certain: it is sent again under the same id
    } finally {
      this.inside -= 1;
    }
  }

  private async answer(message: RequestMessage & { body: Buffer }, branch = ''): Promise<Answer> {
    const province = this.adapters.find(branch);
    if (!province || message.method !== 'POST') return no(404, 'not_found');
    const { body } = message;
    if (body.length === 0 || !(await isSigned(message, province.keys))) return no(401, 'signature_invalid');
    const eventId = eventIdOf(body);
    if (eventId === null) return no(400, 'field_invalid');
    await this.store.keep(branch, eventId, body, digestOf(body), new Date());
    this.bell.ring();
    return { status: 200, text: 'success' };
  }

  /** Signatures name the address that the province called, whatever stands in front of this port. */
  private messageOf(request: IncomingMessage, body: Buffer): RequestMessage & { body: Buffer } {
    const { method = '', headers, url = '' } = request;
    const base = this.config.BSS_PUBLIC_URL ?? `http://${this.config.HOST}:${this.config.HTTP_PORT}`;
    return { method, url: base.replace(/\/+$/, '') + url, headers, body };
  }

  /** Signed, so that nobody can swallow an event and say that it was stored. */
  private say(response: ServerResponse, { status, text }: Answer, request: RequestMessage | null): void {
    const key = this.adapters.signingKey;
    const signed = key && request ? signResponse({ status, headers: {}, body: text, request }, key) : {};
    const type = status === 200 ? 'text/plain; charset=utf-8' : 'application/json';
    response.writeHead(status, { ...signed, 'content-type': type, 'cache-control': 'no-store' });
    response.end(text);
    if (status === 413) response.once('finish', () => response.destroy());
  }
}

/** Null: more than an event may have. @throws when it does not come in time */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  const late = setTimeout(() => request.destroy(new Error('an event did not come in time')), READ_MS);
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MOST_BYTES) return null;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(late);
  }
}

/** Whatever is wrong with it, it is not proven to be the province's. */
async function isSigned(message: RequestMessage, keys: readonly VerifyingKey[]): Promise<boolean> {
  return verifyRequest(message, (keyId) => keys.find((key) => key.keyId === keyId)).then(
    () => true,
    () => false,
  );
}
