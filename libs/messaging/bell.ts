import { Queue, type Worker } from 'bullmq';
import { Redis } from 'ioredis';

/** One hash tag for all queues: keys cannot be renamed later, and BullMQ on a cluster needs it. */
export const QUEUE_PREFIX = '{yidian}';

/** `redis://host:port/db`, or `unix:///path/to.sock?db=0` for a private server. */
export function redisConnection(url: string, forWorker: boolean): Redis {
  const options = forWorker
    ? { maxRetriesPerRequest: null }
    : { maxRetriesPerRequest: 1, commandTimeout: 1_500, enableOfflineQueue: true };
  const redis = url.startsWith('unix://') ? new Redis({ ...unixSocket(url), ...options }) : new Redis(url, options);
  redis.on('error', () => undefined); // Redis is a hint: a lost connection is met by the sweep, never by a crash
  return redis;
}

function unixSocket(url: string): { path: string; db: number } {
  const [path = '', query] = url.slice('unix://'.length).split('?');
  return { path, db: Number.parseInt(new URLSearchParams(query).get('db') ?? '0', 10) };
}

/** A bell wakes a worker early. Nothing depends on it: the sweep over rows finds the same work. */
export class Bell {
  private readonly queue: Queue;

  constructor(name: string, connection: Redis) {
    this.queue = new Queue(name, { connection, prefix: QUEUE_PREFIX });
    this.queue.on('error', () => undefined);
  }

  /** @param id unique for the work and its fence, such as `night-17-3`; never contains a colon or only digits */
  async ring(id: string, data: Record<string, string>): Promise<boolean> {
    try {
      await this.queue.add('ring', data, { jobId: id, removeOnComplete: true, removeOnFail: true });
      return true;
    } catch {
      return false; // the sweep will find the work
    }
  }

  async close(): Promise<void> {
    await closeWithin(this.queue.close());
  }
}

/** A queue or worker that has lost Redis never finishes closing, and a stop must not wait for it. */
export async function closeWithin(closing: Promise<unknown>, ms = 1_000): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    late = setTimeout(resolve, ms);
  });
  await Promise.race([closing.catch(() => undefined), limit]);
  clearTimeout(late);
}

/** Lets running jobs end; without Redis there is nobody to tell, and connections are dropped at once. */
export function closeWorker(worker: Worker, connection: Redis): Promise<void> {
  return closeWithin(worker.close(connection.status !== 'ready'));
}
