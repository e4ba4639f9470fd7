import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Connector, ProviderEvent, RawCallback } from '@yidian/connectors/contract';
import Fastify, { type FastifyInstance } from 'fastify';
import { keepRawBodies } from './signed-door';

/** How the platform is named by the outside. */
export const PUBLIC_URL = 'https://platform.example';

interface Word {
  status: number;
  text: string;
}

/** The platform's callbacks' door, played in tests: it keeps what it was told, and refuses as often as it is asked to. */
export class PlayedPlatform {
  readonly told: RawCallback[] = [];
  refuse = 0;
  private readonly server: Server;

  private constructor(words: { taken: Word; refused: Word }) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { url = '', headers, method = '' } = request;
        this.told.push({ method, targetUri: PUBLIC_URL + url, headers, body: Buffer.concat(chunks) });
        const { status, text } = this.refuse-- > 0 ? words.refused : words.taken;
        response.writeHead(status).end(text);
      });
    });
  }

  /** @param taken what the provider takes for "stored" */
  static async start(taken: Partial<Word>, refused: Partial<Word> = { status: 500 }): Promise<PlayedPlatform> {
    const plain = { status: 200, text: '' };
    const platform = new PlayedPlatform({ taken: { ...plain, ...taken }, refused: { ...plain, ...refused } });
    await listening(platform.server);
    return platform;
  }

  get address(): { url: string; publicUrl: string } {
    return { url: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`, publicUrl: PUBLIC_URL };
  }

  /** What it has heard and, by the connector that it uses, believed. */
  async heard({ callbacks }: Pick<Connector, 'callbacks'>): Promise<ProviderEvent[]> {
    const events: ProviderEvent[] = [];
    for (const callback of this.told) {
      if (!(await callbacks.verify(callback)).verified) continue;
      const event = callbacks.read(callback.body);
      if (event) events.push(event);
    }
    return events;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const listening = (server: Server): Promise<void> => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

export async function freePort(): Promise<number> {
  const probe = createServer();
  await listening(probe);
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** The sandbox's own server without any provider yet. */
export function bareSandbox(): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true });
  keepRawBodies(app);
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(body as string)));
  });
  return app;
}

/** Waits for a state, not for a time. */
export async function until<T>(look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  for (let tries = 0; tries < 500; tries++) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it did not come');
}
