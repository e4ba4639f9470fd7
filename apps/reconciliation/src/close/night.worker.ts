import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { QUEUE_PREFIX, redisConnection } from '@yidian/messaging';
import { Worker } from 'bullmq';
import { CONFIG, type ReconciliationConfig } from '../reconciliation.config';
import { within } from '../within';
import { NIGHT_QUEUE, NightBell } from './night-bell';
import { WorkStep } from './work-step';

/** Providers whose nights go on side by side in this process. */
const CONCURRENCY = 3;

/** Answers the bell. Two workers for one ring is normal: the claim in the database lets one in. */
@Injectable()
export class NightWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private worker: Worker<{ step: string }> | undefined;
  private readonly connection;

  constructor(
    private readonly work: WorkStep,
    private readonly bell: NightBell,
    @Inject(CONFIG) config: ReconciliationConfig,
  ) {
    this.connection = redisConnection(config.REDIS_URL, true);
  }

  onApplicationBootstrap(): void {
    this.worker = new Worker(NIGHT_QUEUE, (job) => this.work.execute(job.data.step), {
      connection: this.connection,
      prefix: QUEUE_PREFIX,
      concurrency: CONCURRENCY,
    });
    this.worker.on('error', () => undefined); // a lost Redis is met by the sweep
  }

  /** A step that does not end in time keeps its lease until it runs out; another process takes it over then. */
  async onModuleDestroy(): Promise<void> {
    await within(1_500, this.work.drain());
    await within(500, this.worker?.close(true));
    await this.bell.close();
    this.connection.disconnect();
  }
}
