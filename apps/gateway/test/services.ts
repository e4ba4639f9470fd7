import { ServerTCP } from '@nestjs/microservices';
import { createServer } from 'node:net';

export type Handlers = Record<string, (request: never) => unknown>;

export interface PlayedService {
  port: number;
  close(): Promise<void>;
}

/** A service as the gateway meets it: Nest's own TCP transport on a free port, answering what the test says. */
export async function playService(handlers: Handlers): Promise<PlayedService> {
  const port = await freePort();
  const server = new ServerTCP({ host: '127.0.0.1', port });
  for (const [pattern, handler] of Object.entries(handlers)) {
    server.addHandler(pattern, (request: unknown) => Promise.resolve(handler(request as never)));
  }
  await new Promise<void>((resolve) => server.listen(() => resolve()));
  return { port, close: () => Promise.resolve(server.close()) };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
