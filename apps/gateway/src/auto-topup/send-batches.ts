import { Inject, Injectable } from '@nestjs/common';
import type { BatchedDebit } from '@yidian/connectors/contract';
import { newId } from '@yidian/http';
import type { GatewayConfig } from '../gateway.config';
import { PersonNumbers } from '../notifications/person-number';
import { beijingDay } from '../payments/beijing';
import { nextDue } from '../payments/ladder';
import { PaymentFlow } from '../payments/payment-flow';
import { PaymentsReadStore } from '../payments/payments-read.store';
import { CONFIG, LOGGER, type Logger } from '../platform';
import { Providers } from '../providers/providers';
import { BatchesStore, type BatchItemRow, type BatchRow, type SealedItem } from './batches.store';

const SEND_MS = 120_000;
const DAY_MS = 24 * 3_600_000;

/**
 * Promise: what a file orders stands in rows before it leaves. Whoever does not know whether it arrived sends it again, and
 * it is the same file under the same name: the bank takes it once.
 */
@Injectable()
export class SendBatches {
  constructor(
    private readonly store: BatchesStore,
    private readonly providers: Providers,
    private readonly numbers: PersonNumbers,
    private readonly payments: PaymentsReadStore,
    private readonly flow: PaymentFlow,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async sweep(now: Date = new Date()): Promise<void> {
    for (const item of await this.store.ended())
      await this.letGo(item).catch((err: unknown) => {
        this.logger.warn({ err, payment: item.payment_no }, 'a debit that no file may order ends later');
      });
    for (const provider of await this.store.ripe(this.config.BATCH_GATHER_MINUTES))
      await this.store.seal(newId('btc'), provider, beijingDay(now));
    for (const batch of await this.store.due(10)) await this.send(batch, now);
  }

  /** Nothing of it has left us: its payment ends as surely not made. */
  private async letGo(item: BatchItemRow): Promise<void> {
    const attempt = await this.payments.attempt(item.attempt_no);
    const payment = await this.payments.find(item.payment_no);
    if (!attempt || !payment) throw new Error('a batched debit without its payment');
    const cause = 'its agreement ended before the file was made';
    await this.flow.attempts.hear(payment, attempt, { outcome: 'not_executed', cause }, 'not sent');
    await this.store.answered(item, 'declined');
  }

  private async send(batch: BatchRow, now: Date): Promise<void> {
    const next = nextDue(now, batch.tries) ?? new Date(now.getTime() + DAY_MS);
    if (!(await this.store.claim(batch, next))) return;
    try {
      const batches = this.providers.get(batch.provider).connector.batches;
      if (!batches) throw new Error('this provider takes no batches now');
      const debits = (await this.store.sealed(batch.id)).map((item) => this.debit(item, batch));
      const order = { collectionDate: batch.collection_date, currency: 'CNY', createdAt: batch.created_at, debits };
      const { fileName, messageId } = await batches.send(order, AbortSignal.timeout(SEND_MS));
      await this.store.sent(batch.id, fileName, messageId);
    } catch (err) {
      this.logger.warn({ err, batch: batch.id, provider: batch.provider }, 'a batch is sent again later');
    }
  }

  private debit(item: SealedItem, batch: BatchRow): BatchedDebit {
    if (item.ref_sealed === null) throw new Error('a debit without a signed agreement');
    return {
      ...{ number: item.attempt_no, amount: item.amount, agreementRef: this.numbers.openText(item.ref_sealed) },
      signedOn: beijingDay(item.signed_at ?? batch.created_at),
      first: Number(item.first) === 1,
      note: `${item.msisdn_masked} ${item.payment_no}`,
    };
  }
}
