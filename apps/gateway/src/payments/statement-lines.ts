import { Injectable } from '@nestjs/common';
import type { PaymentLine } from '@yidian/contracts';
import { fromDigits, toJson } from '@yidian/money';
import { RpcUnknown } from '@yidian/messaging';
import { ReconciliationRpc } from '../platform';
import { paymentId } from './numbers';
import type { PaymentRow } from './payment.rows';
import type { TimelineEntry } from './timeline-entry';

/** The latest of a number's payments; older ones are found by their own number. */
const PAYMENTS = 50;
/** Somebody waits for the page. */
const WAIT_MS = 3_000;

/** What providers' statements say of a number's payments, and what of it did not agree, as reconciliation has it. */
@Injectable()
export class StatementLines {
  constructor(private readonly reconciliation: ReconciliationRpc) {}

  /** null: reconciliation did not answer; nothing is known then, not that there is nothing */
  async of(payments: readonly Pick<PaymentRow, 'payment_no' | 'provider'>[]): Promise<TimelineEntry[] | null> {
    const asked = payments
      .map(({ payment_no: paymentNo, provider }) => ({ paymentNo, provider }))
      .filter(({ provider }) => provider !== '')
      .sort((a, b) => (a.paymentNo < b.paymentNo ? 1 : -1))
      .slice(0, PAYMENTS);
    if (asked.length === 0) return [];
    try {
      const { lines } = await this.reconciliation.call('lines.of_payments', { payments: asked }, WAIT_MS);
      return lines.map(entry);
    } catch (error) {
      if (error instanceof RpcUnknown) return null;
      throw error;
    }
  }
}

const entry = (line: PaymentLine): TimelineEntry => ({
  at: line.at,
  what: [`statement ${line.date}: ${line.kind} ${line.class}`, line.providerTxnId].filter(Boolean).join(', '),
  amount: toJson(fromDigits(line.amount)),
  where: line.provider,
  state: line.state,
  source: 'statement',
  payment: paymentId(line.paymentNo),
});
