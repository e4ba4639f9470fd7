import { Inject, Injectable } from '@nestjs/common';
import { Bell, closeWorker, QUEUE_PREFIX, redisConnection } from '@yidian/messaging';
import { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { GatewayConfig } from '../gateway.config';
import { CONFIG } from '../platform';

const NAME = 'gateway-auto-topup';

/** Wakes whoever looks after automatic top-ups, on whichever replica. Without Redis the sweep finds the same rows. */
@Injectable()
export class AutoBell {
  private readonly connections: Redis[] = [];
  private bell: Bell | undefined;
  private workerConnection: Redis | undefined;
  private worker: Worker | undefined;
  private closed = false;

  constructor(@Inject(CONFIG) private readonly config: GatewayConfig) {}

  onRing(listener: () => Promise<void>): void {
    const connection = this.connect(true);
    this.workerConnection = connection;
    this.worker = new Worker(NAME, () => listener(), { connection, prefix: QUEUE_PREFIX, concurrency: 1 });
    this.worker.on('error', () => undefined);
  }

  ring(id: string): void {
    if (this.closed) return;
    this.bell ??= new Bell(NAME, this.connect(false));
    void this.bell.ring(id, {});
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
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
