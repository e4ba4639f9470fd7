import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from '@yidian/contracts';
import { withSchema } from '@yidian/database';
import { preparePlatform } from '../../tools/platform/launch';
import { makePlaces, placesOf } from '../../tools/platform/places';
import type { Platform } from '../../tools/platform/platform';
import { choosePorts, type Ports } from '../../tools/platform/ports';
import { silentScreen } from '../../tools/platform/progress';
import { writeRun } from '../../tools/platform/run-file';
import { seedSubscribers } from '../../tools/platform/seed-subscribers';

/** A whole platform of a test's own: separate processes, own schemas, own data folder, the sandbox as the world around it. */
export interface Stage {
  platform: Platform;
  ports: Ports;
  frontDoor: string;
  gateway: string;
  /** The business date that the demo day closes. */
  date: string;
  /** Where this platform keeps its things; the sandbox's own memory lies in `sandbox/`. */
  data: string;
  /** An administrator's URL into one service's schema. */
  schemaUrl(service: ServiceName): string;
  /** How far the demo day is. */
  view(): Promise<DemoView>;
  /** Starts the demo day; `demoDay` waits for its end. */
  beginDemoDay(): Promise<void>;
  demoDay(): Promise<DemoResult>;
  playDemoDay(): Promise<DemoResult>;
  messages(number: string): Promise<Message[]>;
  /** The newest sign-in code among the messages after the first `seen`. */
  nextCode(number: string, seen: number): Promise<string>;
  stop(): Promise<void>;
}

export interface Message {
  id: string;
  text: string;
  way: 'in' | 'out';
}

export interface DemoResult {
  payments: number;
  injected: number;
  found: number;
  false: number;
  ledgerZero: boolean;
  residualZero: boolean;
  branches: number;
  branchesOk: number;
  problems: string[];
  ok: boolean;
}

export interface DemoView {
  phase: string;
  done: number;
  total: number;
  error?: string | null;
  result: DemoResult | null;
}

const ROOT = join(__dirname, '../..');

export async function startStage(name: string, options: { demoPayments: number; portBase?: number }): Promise<Stage> {
  const data = join(ROOT, '.data', 'test', 'platforms', name);
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  const places = placesOf(ROOT, data, join(data, 'out'));
  makePlaces(places);
  const { ports } = await choosePorts(options.portBase ?? ownBlock());
  const adminUrl = needed('TEST_DATABASE_URL');
  const prefix = `e2e_${name}_${process.pid}`;
  const frontDoor = `http://127.0.0.1:${ports.sandbox}`;
  const { platform, demo } = await preparePlatform({
    places,
    ports,
    adminUrl,
    redisUrl: needed('TEST_REDIS_URL'),
    prefix,
    screen: silentScreen,
    logLevel: 'info',
    seed: `stage-${name}`,
    changed: () => writeRun(places.runFile, runOf(frontDoor, platform)),
  });
  await platform.start();
  await seedSubscribers({ host: '127.0.0.1', port: ports.billingRpc }, demo.demo.seed, silentScreen.step('people'));
  const view = () => json<DemoView>(`${frontDoor}/sandbox/api/demo/progress`);
  const beginDemoDay = async () =>
    void (await json(`${frontDoor}/sandbox/api/demo`, { payments: options.demoPayments }));
  const demoDay = () => untilDone(view);
  const messages = async (number: string) =>
    (await json<{ messages: Message[] }>(`${frontDoor}/sandbox/api/phones/inbox`, { number })).messages;
  return {
    platform,
    ports,
    frontDoor,
    gateway: platform.gatewayUrl,
    date: demo.demo.firstBusinessDate,
    data,
    schemaUrl: (service) => withSchema(adminUrl, `${prefix}_${service}`),
    view,
    beginDemoDay,
    demoDay,
    playDemoDay: async () => {
      await beginDemoDay();
      return demoDay();
    },
    messages,
    nextCode: (number, seen) => codeAfter(() => messages(number), seen),
    stop: () => platform.stop(),
  };
}

/** Another run on this machine keeps to its own block: a port must stay ours while its service is killed. */
const ownBlock = (): number => 5_000 + (process.pid % 250) * 100;

function runOf(address: string, platform: Platform) {
  return { address, starter: { name: 'test', pid: process.pid, marker: 'jest' }, children: platform.running() };
}

async function untilDone(view: () => Promise<DemoView>): Promise<DemoResult> {
  for (let tries = 0; tries < 1_000; tries++) {
    const now = await view().catch(() => null); // the sandbox may be starting again
    if (now?.phase === 'failed') throw new Error(`the demo day failed: ${now.error ?? 'no reason given'}`);
    if (now?.result) return now.result;
    await sleep(250);
  }
  throw new Error('the demo day did not end');
}

async function codeAfter(messages: () => Promise<Message[]>, seen: number): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const fresh = (await messages())
      .slice(seen)
      .findLast((message) => message.way === 'in' && /\d{6}/.test(message.text));
    const code = fresh && /\d{6}/.exec(fresh.text)?.[0];
    if (code) return code;
    await sleep(100);
  }
  throw new Error('no code came');
}

/** GET, or POST when there is a body. */
export async function json<T>(url: string, body?: object): Promise<T> {
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: body ? { 'content-type': 'application/json' } : {},
    body: body ? JSON.stringify(body) : undefined,
    signal: AbortSignal.timeout(15_000),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run through npm test`);
  return value;
}
