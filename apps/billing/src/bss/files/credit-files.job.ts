import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from '@yidian/telemetry';
import { DateTime } from 'luxon';
import { LOGGER } from '../../resources/logger';
import { Repeat } from '../../resources/repeat';
import { Adapters } from '../adapters';
import { CreditFilesStore } from './credit-files.store';
import { FetchCreditFile } from './fetch-credit-file';

const PAUSE_MS = 60_000;
/** A province makes its file in the first hours of the day; until then it says so. */
const AGAIN_MS = 600_000;

/** Each province's file of yesterday, as soon as there is one. What is wanted is a row: nothing is lost with the process. */
@Injectable()
export class CreditFilesJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly repeat: Repeat;

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly adapters: Adapters,
    private readonly files: CreditFilesStore,
    private readonly fetch: FetchCreditFile,
  ) {
    this.repeat = new Repeat(
      PAUSE_MS,
      () => this.sweep(),
      (err) => logger.warn({ err }, 'credit files wait for the next look'),
    );
  }

  onApplicationBootstrap(): void {
    this.repeat.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.repeat.stop();
  }

  private async sweep(now = new Date()): Promise<void> {
    const yesterday = DateTime.fromJSDate(now, { zone: 'Asia/Shanghai' }).minus({ days: 1 }).toFormat('yyyy-MM-dd');
    for (const { adapter } of this.adapters.all()) await this.files.want(adapter.branch, yesterday, now);
    for (const row of await this.files.due(now)) {
      const { branch, date } = row;
      if (!(await this.files.claim(row, new Date(now.getTime() + AGAIN_MS)))) continue;
      await this.fetch
        .execute(branch, date)
        .catch((err: unknown) => this.logger.warn({ err, branch, date }, 'a credit file waits for its next date'));
    }
  }
}
