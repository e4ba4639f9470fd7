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
import { setTimeout } from 'node:timers/promises';
import { CONFIG, type BillingConfig } from '../billing.config';
import { Frames } from '../rpc/frames';
import { DB } from './db';
import { HttpDoors } from './http-doors';

const DRAIN_LIMIT_MS = 3_000;
/** A frame is done when its reply is handed to the socket; the reply still has to leave. */
const REPLIES_LEAVE_MS = 100;

/**
 * Health while the process lives, and the order of its end: the write door takes nothing new (answered `busy`, surely not
 * executed) and finishes what it has, the frames that wait for it are answered, only then the sockets close.
 */
@Injectable()
export class Lifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private health?: HealthServer;
  private drained?: Promise<void>;

  constructor(
    @Inject(CONFIG) private readonly config: BillingConfig,
    @Inject(DB) private readonly db: Db,
    private readonly ledger: Ledger,
    private readonly audit: Audit,
    private readonly frames: Frames,
    private readonly doors: HttpDoors,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const checks = {
      database: async () => void (await this.db.select('SELECT 1 AS one')),
      durability: () => assertDurable(this.db),
      lane: () => {
        if (!this.ledger.ready() || !this.audit.ready()) throw new Error('the write door is closed');
      },
    };
    this.health = await healthServer(this.config.HTTP_PORT, checks, this.config.HOST, this.doors.take);
  }

  get healthPort(): number {
    return this.health?.port ?? 0;
  }

  /** Called before the application closes: Nest closes its sockets first, and with them the replies under way. */
  drain(): Promise<void> {
    return (this.drained ??= this.finish());
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.drain();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.health?.close();
    await this.audit.close();
    await this.db.close();
  }

  private async finish(): Promise<void> {
    await this.ledger.close();
    await this.frames.drained(DRAIN_LIMIT_MS);
    await setTimeout(REPLIES_LEAVE_MS);
  }
}
