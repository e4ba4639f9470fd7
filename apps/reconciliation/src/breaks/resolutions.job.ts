import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from '@yidian/telemetry';
import { LOGGER } from '../alarms/raise-alarm';
import { Repeat } from '../repeat';
import { CarryOut } from './carry-out';
import { ResolutionsStore, type Resolution } from './resolutions.store';
import { TellSettlement } from './tell-settlement';

const EVERY_MS = 1_000;
const BATCH = 200;

/** Carries out what people approved, and whatever a night, a crash or a service that was away has left half done. */
@Injectable()
export class ResolutionsJob implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly repeat: Repeat;

  constructor(
    private readonly resolutions: ResolutionsStore,
    private readonly carryOut: CarryOut,
    private readonly settlement: TellSettlement,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.repeat = new Repeat('resolutions', EVERY_MS, () => this.execute(), logger);
  }

  async execute(): Promise<void> {
    for (const row of await this.resolutions.due(BATCH)) await this.carryOut.attempt(row);
    for (const row of await this.resolutions.toSettle(BATCH)) await this.tell(row);
  }

  /** One that fails leaves its neighbours alone; its lease brings it back. */
  private async tell(row: Resolution): Promise<void> {
    try {
      await this.settlement.execute(row);
    } catch (error) {
      this.logger.warn({ resolution: row.rkey, tries: row.tries, err: error }, 'will be tried again');
    }
  }

  onApplicationBootstrap(): void {
    this.repeat.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.repeat.stop();
  }
}
