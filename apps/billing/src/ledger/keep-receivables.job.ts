import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Ledger } from '@yidian/ledger';
import type { Logger } from '@yidian/telemetry';
import { LOGGER } from '../resources/logger';
import { Repeat } from '../resources/repeat';
import { CountReceivables } from './count-receivables';

const EVERY_MS = 5_000;

/** Counts what the lanes have written whenever the write door has nothing waiting; a rush is counted after it. */
@Injectable()
export class KeepReceivablesJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly repeat: Repeat;

  constructor(count: CountReceivables, ledger: Ledger, @Inject(LOGGER) logger: Logger) {
    const quiet = () => ledger.ready() && ledger.queueAgeMs() === 0;
    this.repeat = new Repeat(
      EVERY_MS,
      async () => void (await count.execute(quiet)),
      (err) => logger.warn({ err }, 'receivables are counted in the next round'),
    );
  }

  onApplicationBootstrap(): void {
    this.repeat.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.repeat.stop();
  }
}
