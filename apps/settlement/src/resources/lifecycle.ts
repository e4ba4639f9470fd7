import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Db } from '@yidian/database';
import { assertDurable, keepAnchors, type AnchorClock } from '@yidian/journal';
import { Ledger } from '@yidian/ledger';
import { healthServer, type HealthServer, type Logger } from '@yidian/telemetry';
import { Door } from '../rpc/door';
import { CONFIG, type SettlementConfig } from '../settlement.config';
import { Peers } from './peers';
import { DB, LOGGER } from './tokens';

const DRAIN_LIMIT_MS = 3_000;

/**
 * Health while the process lives, and the order of its end: what is being answered is finished, the write door closes, then
 * database and sockets. Whatever is cut off here is found again by its rows.
 */
@Injectable()
export class Lifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private health?: HealthServer;
  private anchors?: AnchorClock;

  constructor(
    @Inject(CONFIG) private readonly config: SettlementConfig,
    @Inject(DB) private readonly db: Db,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly ledger: Ledger,
    private readonly door: Door,
    private readonly peers: Peers,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const checks = {
      database: async () => void (await this.db.select('SELECT 1 AS one')),
      durability: () => assertDurable(this.db),
      lane: () => {
        if (!this.ledger.ready()) throw new Error('the write door is closed');
      },
    };
    this.anchors = await keepAnchors(this.db, {
      service: 'settlement',
      keyFile: this.config.ANCHOR_KEY_FILE,
      onError: (err) => this.logger.error({ err }, 'no anchor this minute'),
    });
    this.health = await healthServer(this.config.HTTP_PORT, checks, this.config.HOST);
  }

  get healthPort(): number {
    return this.health?.port ?? 0;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.anchors?.stop();
    await this.door.drained(DRAIN_LIMIT_MS);
    await this.ledger.close();
  }

  async onApplicationShutdown(): Promise<void> {
    this.peers.close();
    await this.health?.close();
    await this.db.close();
  }
}
