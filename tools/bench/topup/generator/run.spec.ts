import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Door } from './door';
import { Journal } from './journal';
import { Outstanding } from './outstanding';
import type { RunResult } from './protocol';
import { Run } from './run';
import { settle } from './settle';
import { writeSlab } from './signed-slab';

const ORDERS = 400;
const CONNECTIONS = 8;

/** Plays the platform: takes each reference once, and answers some requests as a platform in trouble does. */
class PlayedPlatform {
  readonly taken = new Map<string, string>();
  readonly asked = new Map<string, number>();
  private readonly server: Server;

  constructor(private readonly trouble: (reference: string, times: number) => 'none' | 'busy' | 'pending' | 'cut') {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const asking = request.method === 'GET';
    const reference = asking
      ? (new URL(request.url ?? '', 'http://x').searchParams.get('reference') ?? '')
      : (JSON.parse(body) as { reference: string }).reference;
    const times = (this.asked.get(reference) ?? 0) + 1;
    this.asked.set(reference, times);
    const trouble = this.trouble(reference, times);
    if (trouble === 'busy') return this.send(response, 503, '{}');
    if (!this.taken.has(reference)) this.taken.set(reference, String(this.taken.size).padStart(20, '0'));
    if (trouble === 'cut') return void request.socket.destroy();
    const payment = this.view(reference, trouble === 'pending');
    this.send(response, trouble === 'pending' ? 202 : asking ? 200 : 201, asking ? `{"data":[${payment}]}` : payment);
  }

  private view(reference: string, pending: boolean): string {
    const state = pending ? 'paid' : 'completed';
    return `{"number":"${this.taken.get(reference)}","state":"${state}","final":${!pending}}`;
  }

  private send(response: ServerResponse, status: number, body: string): void {
    response.writeHead(status, { 'content-length': body.length });
    response.end(body);
  }
}

describe('a run of the load generator', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yd-run-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function play(platform: PlayedPlatform, perSecond?: number) {
    const door: Door = { name: 'played', host: '127.0.0.1', port: await platform.listen(), path: '/', perRequest: 1 };
    const path = join(folder, `journal-${Math.random()}`);
    const book = { run: 'b1', numbers: ['13501100010'], takenAt: '2026-11-22T04:00:00.000Z' };
    const outstanding = new Outstanding(book, new Journal(path, 20));
    const slabs = [
      writeSlab({ door, book, first: 0, requests: ORDERS / 2 }),
      writeSlab({ door, book, first: ORDERS / 2, requests: ORDERS / 2 }),
    ];
    const order = {
      connections: CONNECTIONS,
      seconds: 8,
      warmSeconds: 0,
      ...(perSecond === undefined ? {} : { perSecond }),
    };
    const result: RunResult = await new Run(door, slabs, outstanding, order, () => undefined).execute();
    const open = outstanding.open.size;
    const settled = await settle(door, outstanding, 10);
    await outstanding.journal.close();
    platform.close();
    const journal = new Map(
      readFileSync(path, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split('\t') as [string, string]),
    );
    return { result, open, settled, journal };
  }

  test('counts what was acknowledged, and its journal holds exactly that', async () => {
    const platform = new PlayedPlatform(() => 'none');
    const { result, open, journal } = await play(platform);
    expect(result).toMatchObject({ pending: 0, again: 0, lost: 0, refused: 0, ranOut: true });
    expect(result.acknowledged).toBeGreaterThanOrEqual(ORDERS - CONNECTIONS); // the last answers come after the window
    expect(result.p50Ms).toBeGreaterThan(0);
    expect(open).toBe(0);
    expect(journal).toEqual(platform.taken);
  });

  test('goes on through refusals, doubt and cut connections, and settles all of it with the same keys', async () => {
    const platform = new PlayedPlatform((reference, times) => {
      const n = Number(reference.slice(3));
      if (n % 40 === 3 && times < 3) return 'busy';
      if (n % 40 === 7 && times < 4) return 'pending';
      return n % 40 === 11 && times === 1 ? 'cut' : 'none';
    });
    const { result, open, settled, journal } = await play(platform);
    expect(result).toMatchObject({ again: 10, pending: 10, lost: 10, refused: 0 });
    expect([open, settled]).toEqual([30, { asked: 30, completed: 30, refused: 0, open: 0, samples: [] }]);
    expect(journal).toEqual(platform.taken);
    expect(journal.size).toBe(ORDERS);
  });

  test('at a fixed rate does not wait for answers', async () => {
    const { result } = await play(new PlayedPlatform(() => 'none'), 400);
    expect(result.acknowledged).toBeGreaterThan(ORDERS - 10);
    expect(result.seconds).toBeGreaterThan(0.9);
  });
});
