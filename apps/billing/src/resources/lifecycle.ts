import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Db } from '@yidian/database';
import { assertDurable, Audit } from '@yidian/journal';
import { Ledger } from '@yidian/ledger';
import { healthServer, type HealthServer } from '@yidian/telemetry';
import { CONFIG, type BillingConfig } from '../billing.config';
import { Frames } from '../rpc/frames';
import { DB } from './db';

const DRAIN_LIMIT_MS = 3_000;

/**
 * Health while the process lives, and the order of its end: the write door takes nothing new (answered `busy`, surely not
 * executed) and finishes what it has, the frames that wait for it are answered, only then the sockets close.
 */
@Injectable()
export class Lifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private health?: HealthServer;

  constructor(
    @Inject(CONFIG) private readonly config: BillingConfig,
    @Inject(DB) private readonly db: Db,
    private readonly ledger: Ledger,
    private readonly audit: Audit,
    private readonly frames: Frames,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const checks = {
      database: async () => void (await this.db.select('SELECT 1 AS one')),
      durability: () => assertDurable(this.db),
      lane: () => {
        if (!this.ledger.ready()) throw new Error('the write door is closed');
      },
    };
    this.health = await healthServer(this.config.HTTP_PORT, checks, this.config.HOST);
  }

  get healthPort(): number {
    return this.health?.port ?? 0;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.ledger.close();
    await this.frames.drained(DRAIN_LIMIT_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.health?.close();
    await this.audit.close();
    await this.db.close();
  }
}
