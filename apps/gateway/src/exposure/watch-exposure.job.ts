import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Alarms } from '../notifications/alarms';
import { Poll } from '../notifications/poll';
import { beijingDay } from '../payments/beijing';
import { PaymentDoor } from '../payments/payment-door';
import { LOGGER, type Logger } from '../platform';
import { Exposures, warningAt } from './exposures';
import { ExposureStore, type ExposureRow } from './exposure.store';

const LOOK_MS = 2_000;
const KIND = 'exposure.warning';

/** Looks at the counters beside the payments, never in them: who nears his limit is warned once a date. */
@Injectable()
export class WatchExposureJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly poll: Poll;

  constructor(
    private readonly store: ExposureStore,
    private readonly exposures: Exposures,
    private readonly alarms: Alarms,
    private readonly door: PaymentDoor,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.poll = new Poll(
      LOOK_MS,
      () => this.sweep(),
      (err) => logger.warn({ err }, 'exposure'),
    );
  }

  onApplicationBootstrap(): void {
    this.poll.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poll.stop();
  }

  async sweep(): Promise<void> {
    for (const row of await this.store.limited()) {
      const at = warningAt(row);
      if (at !== null && row.used > 0n && row.used >= at) await this.warn(row);
    }
  }

  /** Event before alarm: killed between the two, the partner is told twice, never not at all. */
  private async warn(row: ExposureRow): Promise<void> {
    const occasion = row.exposure_basis === 'date' ? row.open_date : beijingDay(new Date());
    const object = `partner/${row.id}`;
    if (await this.alarms.has(KIND, object, occasion)) return;
    const view = this.exposures.view(row);
    await this.door.write({
      do: 'event',
      partner: row.id,
      objectId: `exposure_${row.id}`.slice(0, 40),
      sequence: Number.parseInt(occasion.replaceAll('-', ''), 10),
      type: KIND,
      previousState: null,
      body: JSON.stringify(view),
    });
    await this.alarms.raise({
      kind: KIND,
      object,
      occasion,
      detail: `Partner ${row.id} has used ${view.used} of ${view.limit ?? 0} fen (${row.exposure_basis}).`,
    });
  }
}
