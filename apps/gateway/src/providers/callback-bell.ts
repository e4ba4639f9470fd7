import { Inject, Injectable } from '@nestjs/common';
import { Bell, closeWorker, QUEUE_PREFIX, redisConnection } from '@yidian/messaging';
import { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { createHash } from 'node:crypto';
import type { GatewayConfig } from '../gateway.config';
import { CONFIG } from '../platform';

const NAME = 'gateway-callbacks';

/**
 * Wakes whoever gives callbacks their meaning, on whichever replica. Nothing depends on it: without Redis the sweep finds
 * what is stored a second later.
 */
@Injectable()
export class CallbackBell {
  private readonly connections: Redis[] = [];
  private bell: Bell | undefined;
  private workerConnection: Redis | undefined;
  private worker: Worker<{ provider: string; eventId: string }> | undefined;

  constructor(@Inject(CONFIG) private readonly config: GatewayConfig) {}

  onRing(listener: (provider: string, eventId: string) => Promise<void>): void {
    const connection = this.connect(true);
    this.workerConnection = connection;
    this.worker = new Worker(NAME, ({ data }) => listener(data.provider, data.eventId), {
      connection,
      prefix: QUEUE_PREFIX,
      concurrency: 16,
    });
    this.worker.on('error', () => undefined);
  }

  ring(provider: string, eventId: string): void {
    this.bell ??= new Bell(NAME, this.connect(false));
    // A hash: an event's id is the provider's, and a job's id may hold no colon.
    const id = createHash('sha256').update(`${provider} ${eventId}`).digest('hex').slice(0, 32);
    void this.bell.ring(`callback-${id}`, { provider, eventId });
  }

  async close(): Promise<void> {
    if (this.worker && this.workerConnection) await closeWorker(this.worker, this.workerConnection);
    await this.bell?.close();
    for (const connection of this.connections) connection.disconnect();
  }

  private connect(forWorker: boolean): Redis {
    const connection = redisConnection(this.config.REDIS_URL, forWorker);
    this.connections.push(connection);
    return connection;
  }
}
