import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { Busy, Expired, keepAnchors, LaneWriter, OutcomeUnknown, type AnchorClock } from '@yidian/journal';
import type { GatewayConfig } from '../gateway.config';
import { EventReaders } from '../notifications/event-readers';
import { Receipts } from '../notifications/receipts';
import { CONFIG, DB, LOGGER, type Db, type Logger } from '../platform';
import { PaymentNumbers } from './numbers';
import { assertStates } from './payment.states';
import type { AnyResult, PaymentWrite, ResultOf } from './payment.writes';
import { PaymentsBody } from './payments.store';
import { PaymentsReadStore } from './payments-read.store';

/** A commit costs the same whatever it holds: the more wait for it, the more share it. */
const ITEMS_PER_BATCH = 256;

/** The gateway's one write door: a lane of its own, and the numbers of what is written through it. */
@Injectable()
export class PaymentDoor implements OnModuleInit, OnApplicationShutdown {
  private readonly lane: LaneWriter<PaymentWrite, AnyResult>;
  private numbers: PaymentNumbers | undefined;
  private anchors: AnchorClock | undefined;

  constructor(
    private readonly store: PaymentsReadStore,
    receipts: Receipts,
    readers: EventReaders,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(DB) private readonly db: Db,
  ) {
    this.lane = new LaneWriter({
      url: config.DATABASE_URL,
      service: 'gateway',
      instance: `gateway-${process.pid}`,
      body: new PaymentsBody(
        config.livemode,
        (notices, now) => receipts.statements(notices, now),
        (partner) => readers.hears(partner),
      ),
      limits: { items: ITEMS_PER_BATCH },
      alarm: (message, err) => logger.error({ err }, message),
    });
  }

  async onModuleInit(): Promise<void> {
    assertStates();
    this.numbers = new PaymentNumbers(await this.store.takeWriter());
    await this.lane.open();
    this.anchors = await keepAnchors(this.db, {
      service: 'gateway',
      keyFile: this.config.ANCHOR_KEY_FILE,
      onError: (err) => this.logger.error({ err }, 'no anchor this minute'),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.anchors?.stop();
    await this.lane.close();
  }

  nextNumber(): string {
    if (!this.numbers) throw new Error('the payment door is not open yet');
    return this.numbers.next();
  }

  ready(): boolean {
    return this.lane.ready();
  }

  queueAgeMs(): number {
    return this.lane.queueAgeMs();
  }

  /** Rejects with Busy or Expired (surely not written) or OutcomeUnknown; for work that a sweep takes up again. */
  write<W extends PaymentWrite>(write: W): Promise<ResultOf<W>> {
    return this.lane.submit(write) as Promise<ResultOf<W>>;
  }

  /** For the first write of a request. @throws Problem busy when nothing was written, internal when that is not known */
  async begin<W extends PaymentWrite>(write: W): Promise<ResultOf<W>> {
    try {
      return await this.write(write);
    } catch (error) {
      if (error instanceof Busy || error instanceof Expired)
        throw new Problem('busy', { retryAfter: 1 }, { cause: error });
      if (error instanceof OutcomeUnknown) throw new Problem('internal', {}, { cause: error });
      throw error;
    }
  }
}
