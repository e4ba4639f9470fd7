import { Inject, Injectable } from '@nestjs/common';
import type { Outcome, Taken } from '@yidian/connectors/contract';
import { readStatusReport, type PartStatus } from '@yidian/connectors/iso20022/pain002';
import { Readable } from 'node:stream';
import { PaymentFlow } from '../payments/payment-flow';
import { PaymentsReadStore } from '../payments/payments-read.store';
import { LOGGER, type Logger } from '../platform';
import { Providers } from '../providers/providers';
import { BatchesStore, type BatchItemRow } from './batches.store';

const FETCH_MS = 120_000;

/**
 * Return files of batched debits: the bank's explicit word on each order moves its payment, as any answer would, and its sum
 * is compared with what was asked. What is accepted or waits is no word; what is not told of stays as it was.
 */
@Injectable()
export class ReadReturns {
  constructor(
    private readonly store: BatchesStore,
    private readonly providers: Providers,
    private readonly payments: PaymentsReadStore,
    private readonly flow: PaymentFlow,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async sweep(): Promise<void> {
    for (const provider of await this.store.answering()) {
      await this.provider(provider).catch((err: unknown) => {
        this.logger.warn({ err, provider }, 'return files wait for their next turn');
      });
    }
  }

  private async provider(code: string): Promise<void> {
    const batches = this.providers.get(code).connector.batches;
    if (!batches) return;
    const names = await batches.reports(AbortSignal.timeout(FETCH_MS));
    for (const name of await this.store.unread(code, names)) {
      try {
        const content = await batches.report(name, AbortSignal.timeout(FETCH_MS));
        if (content) await this.report(code, name, content);
      } catch (err) {
        this.logger.warn({ err, provider: code, name }, 'a return file waits for its next turn; the others are read');
      }
    }
  }

  /** Read again after a crash it says the same, and moves nothing twice. */
  async report(provider: string, name: string, content: Buffer): Promise<void> {
    const counted = { orders: 0, findings: 0 };
    const refused: PartStatus[] = [];
    await readStatusReport(Readable.from([content]), {
      order: async ({ number, answer }) => {
        const item = await this.store.item(provider, number);
        if (!item) return; // of somebody else's file: payouts come back here, too
        counted.orders++;
        await this.hear(item, answer, `return file ${name}`);
      },
      part: (status) => void (status.answer?.outcome === 'declined' && refused.push(status)),
      finding: (reason) => {
        counted.findings++;
        this.logger.warn({ provider, name, reason }, 'a part of a return file could not be read');
      },
    });
    for (const part of refused) counted.orders += await this.refuse(provider, part, name);
    await this.store.read(provider, name, counted.orders, counted.findings);
  }

  /** A whole file, or its first or its recurring debits, refused: all of it that was not told of one by one. */
  private async refuse(provider: string, part: PartStatus, name: string): Promise<number> {
    if (!part.answer) return 0;
    const items = await this.store.untold(provider, part.messageId);
    if (items.length === 0 && (await this.store.mayHaveArrived(provider)))
      throw new Error('it may be of a file whose sending is not written down yet');
    const these = items.filter(({ first }) => part.partId === '' || part.partId.endsWith(first ? '-F' : '-R'));
    for (const item of these) await this.hear(item, part.answer, `return file ${name}`);
    return these.length;
  }

  private async hear(item: BatchItemRow, answer: Outcome<Taken>, evidence: string): Promise<void> {
    if (answer.outcome === 'pending') return;
    const attempt = await this.payments.attempt(item.attempt_no);
    const payment = await this.payments.find(item.payment_no);
    if (!attempt || !payment) throw new Error('a batched debit without its payment');
    await this.flow.afterMoney(await this.flow.attempts.hear(payment, attempt, answer, evidence));
    const after = await this.payments.find(item.payment_no);
    const settled = answer.outcome === 'succeeded' && after?.state !== 'unknown' && after?.state !== 'submitted';
    await this.store.answered(item, settled ? 'succeeded' : answer.outcome === 'declined' ? 'declined' : 'unknown');
  }
}
