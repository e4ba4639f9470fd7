import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Poll } from '../notifications/poll';
import { beijingDay } from '../payments/beijing';
import { LOGGER, type Logger } from '../platform';
import { Providers } from '../providers/providers';
import { AgreementRunsStore } from './agreement-runs.store';
import { ReconcileAgreements } from './reconcile-agreements';

const EVERY_MS = 10 * 60_000;
const DAY_MS = 24 * 3_600_000;

/** Fetches each provider's list of agreements of yesterday once it is there; which day is done is a row. */
@Injectable()
export class AgreementFilesJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly poll: Poll;

  constructor(
    private readonly providers: Providers,
    private readonly runs: AgreementRunsStore,
    private readonly reconcile: ReconcileAgreements,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.poll = new Poll(
      EVERY_MS,
      () => this.sweep(),
      (err) => logger.warn({ err }, 'agreement files'),
    );
  }

  onApplicationBootstrap(): void {
    this.poll.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poll.stop();
  }

  async sweep(now: Date = new Date()): Promise<void> {
    const date = beijingDay(new Date(now.getTime() - DAY_MS));
    for (const { row, connector } of this.providers.all()) {
      if (!connector.capabilities.agreement?.file) continue;
      const last = await this.runs.lastRun(row.code);
      if (last && last.file_date >= date) continue;
      await this.reconcile.execute(row.code, date).catch((err: unknown) => {
        this.logger.warn({ err, provider: row.code, date }, 'an agreement file waits for its next try');
      });
    }
  }
}
