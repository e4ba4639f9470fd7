import { redisConnection } from '@yidian/messaging';
import type { Redis } from 'ioredis';
import { mkdtempSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testRedisUrl } from './test-database';

export interface OwnRedis {
  url: string;
  /** A connection past the door, for wiping and looking. */
  admin: Redis;
  /** From now on nobody gets through. */
  stop(): Promise<void>;
}

/**
 * A database of the test's Redis behind a door of its own: wiping it or shutting the door disturbs no other suite. Jest
 * workers and suites keep apart by the database's number.
 */
export async function ownRedis(): Promise<OwnRedis> {
  const db = 1 + (Number.parseInt(process.env['JEST_WORKER_ID'] ?? '1', 10) % 15);
  const server = testRedisUrl();
  const sockets = new Set<Socket>();
  const door = createServer((client) => {
    const upstream = connectTo(server);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
        sockets.delete(socket);
      });
    }
    client.pipe(upstream).pipe(client);
  });
  const path = join(mkdtempSync(join(tmpdir(), 'yd-r-')), 'redis.sock');
  await new Promise<void>((resolve) => door.listen(path, () => resolve()));
  const admin = redisConnection(withDatabase(server, db), false);
  await admin.flushdb();
  return {
    url: `unix://${path}?db=${db}`,
    admin,
    stop: async () => {
      admin.disconnect();
      if (!door.listening) return;
      const closed = new Promise<void>((resolve) => door.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function connectTo(url: string): Socket {
  if (url.startsWith('unix://')) return connect(url.slice('unix://'.length).split('?')[0] ?? '');
  const { hostname, port } = new URL(url);
  return connect(Number.parseInt(port || '6379', 10), hostname);
}

function withDatabase(url: string, db: number): string {
  if (url.startsWith('unix://')) return `${url.split('?')[0] ?? ''}?db=${db}`;
  const parsed = new URL(url);
  parsed.pathname = `/${db}`;
  return parsed.toString();
}
