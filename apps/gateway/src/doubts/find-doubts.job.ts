import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Poll } from '../notifications/poll';
import { PaymentsReadStore } from '../payments/payments-read.store';
import { isFinal } from '../payments/payment.states';
import { LOGGER, type Logger } from '../platform';
import { CallbacksStore } from '../providers/callbacks.store';
import { DoubtsStore, type DoubtRow } from './doubts.store';

const PAGE = 200;
const MOST_OPEN = 1_000;
const KINDS = ['payment', 'refund', 'return', 'callback'] as const;

/** Brings into the queue what has no next date, and out of it what has ended meanwhile by whatever way. */
@Injectable()
export class FindDoubtsJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly poll: Poll;

  constructor(
    private readonly doubts: DoubtsStore,
    private readonly payments: PaymentsReadStore,
    private readonly callbacks: CallbacksStore,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.poll = new Poll(
      5_000,
      () => this.sweep(),
      (err) => logger.warn({ err }, 'doubts'),
    );
  }

  onApplicationBootstrap(): void {
    this.poll.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poll.stop();
  }

  async sweep(now: Date = new Date()): Promise<void> {
    for (const kind of KINDS)
      for (const doubt of await this.doubts.waiting(kind, PAGE)) await this.doubts.open(doubt, now);
    for (const row of await this.doubts.list({ state: 'open' }, MOST_OPEN)) {
      const ended = await this.ended(row);
      if (ended !== null) await this.doubts.close(row.id, ended);
    }
  }

  /** What became of it; null while it waits on. Money taken twice ends only by somebody's decision. */
  private async ended(row: DoubtRow): Promise<string | null> {
    switch (row.kind) {
      case 'payment': {
        const payment = await this.payments.find(row.payment_no);
        const over = payment !== undefined && (isFinal(payment.state) || undone(payment.state));
        return over ? payment.state : null;
      }
      case 'refund': {
        const refund = await this.payments.refund(row.object_no);
        return refund?.state === 'succeeded' || refund?.state === 'failed' ? refund.state : null;
      }
      case 'return': {
        const returns = await this.payments.returnsOf(row.payment_no);
        return returns.find((one) => one.return_no === row.object_no)?.state === 'settled' ? 'settled' : null;
      }
      case 'callback': {
        const [provider = '', eventId = ''] = row.object_no.split(' ');
        return (await this.callbacks.stateOf(provider, eventId)) === 'done' ? 'applied' : null;
      }
      case 'attempt':
        return null;
    }
  }
}

/** Being undone it is its refund that waits, not the payment. */
const undone = (state: string): boolean => state === 'refunding' || state === 'reversing';
