import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { signRequest, totpCode, type SigningKey, type SignOptions } from '@yidian/security';
import { EPOCH_KEY } from '../src/access/gate-script';
import { createGateway } from '../src/app';
import { installation, PASSWORD, type Installation } from './installation';
import { freePort, playService, type Handlers, type PlayedService } from './services';

export interface Answered {
  status: number;
  headers: Headers;
  text: string;
  json: Record<string, unknown>;
}

export interface Call {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string | object;
}

/** A whole gateway on real database and Redis, listening; the other services are played. */
export interface Doors extends Installation {
  app: NestFastifyApplication;
  url: string;
  call(call: Call): Promise<Answered>;
  /** The same, signed. */
  signed(key: SigningKey, call: Call, options?: SignOptions): Promise<Answered>;
  /** Cookie of a fresh session. */
  enter(who: keyof Installation['operators']): Promise<string>;
}

export interface Played {
  billing?: Handlers;
  reconciliation?: Handlers;
  settlement?: Handlers;
}

/** @param profile another carrier profile than the test's own */
export async function openDoors(played: Played = {}, profile?: string): Promise<Doors> {
  const services: PlayedService[] = [];
  const play = async (handlers: Handlers | undefined) => {
    const service = await playService(handlers ?? {});
    services.push(service);
    return service.port;
  };
  const ports = {
    http: await freePort(),
    rpc: await freePort(),
    billing: await play(played.billing),
    reconciliation: await play(played.reconciliation),
    settlement: await play(played.settlement),
  };
  const place = await installation(ports);
  const app = await createGateway({ ...place.config, ...(profile ? { PROFILE: profile } : {}) });
  await app.listen(ports.http, '127.0.0.1');
  await place.redis.admin.set(EPOCH_KEY, 0); // signatures of this very second count too
  const url = place.config.PUBLIC_URL;
  const steps = new Map<string, number>();
  const doors: Doors = {
    ...place,
    app,
    url,
    call: (call) => send(url, call, {}),
    signed: (key, call, options) => send(url, call, signatureOf(url, key, call, options)),
    enter: (who) => enter(doors, who, steps),
    close: async () => {
      await app.close();
      await Promise.all(services.map((service) => service.close()));
      await place.close();
    },
  };
  return doors;
}

export const bodyOf = (call: Call): string | undefined =>
  call.body === undefined || typeof call.body === 'string' ? call.body : JSON.stringify(call.body);

export function signatureOf(url: string, key: SigningKey, call: Call, options?: SignOptions): Record<string, string> {
  const request = { method: call.method, url: url + call.path, headers: call.headers ?? {}, body: bodyOf(call) };
  return signRequest(request, key, options);
}

async function send(url: string, call: Call, added: Record<string, string>): Promise<Answered> {
  const body = bodyOf(call);
  const headers = { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...call.headers, ...added };
  const init: RequestInit = { method: call.method, headers, redirect: 'manual' };
  const answer = await fetch(url + call.path, body === undefined ? init : { ...init, body });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') === true && text !== '';
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

async function enter(doors: Doors, who: keyof Installation['operators'], steps: Map<string, number>): Promise<string> {
  const { totpSecret } = doors.operators[who];
  const now = Date.now();
  const used = steps.get(who) ?? -2;
  steps.set(who, used + 1);
  const answer = await doors.call({
    method: 'POST',
    path: '/v1/operator_sessions',
    headers: { 'x-requested-with': 'console' },
    body: { username: who, password: PASSWORD, totp: totpCode(totpSecret, now + (used + 1) * 30_000) },
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
  if (answer.status !== 201 || !cookie) throw new Error(`${who} could not sign in: ${answer.text}`);
  return cookie;
}
