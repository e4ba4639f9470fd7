import { Injectable } from '@nestjs/common';
import { newId } from '@yidian/http';
import { toDigits } from '@yidian/money';
import { ApplyCallback } from '../payments/apply-callback';
import { PaymentsReadStore } from '../payments/payments-read.store';
import { RefundSteps } from '../payments/refund-steps';
import { ResolvePayment } from '../payments/resolve-payment';
import { ReturnSteps } from '../payments/return-steps';
import { DoubtsStore, type DoubtRow } from './doubts.store';

export interface Outcome {
  state: 'done' | 'working' | 'refused';
  outcome: string;
}

/** Asks whoever owes the answer once more, outside any ladder. */
@Injectable()
export class AskAgain {
  constructor(
    private readonly doubts: DoubtsStore,
    private readonly payments: PaymentsReadStore,
    private readonly resolve: ResolvePayment,
    private readonly refunds: RefundSteps,
    private readonly returns: ReturnSteps,
    private readonly callbacks: ApplyCallback,
  ) {}

  async execute(doubt: DoubtRow, actor: string): Promise<void> {
    await this.doubts.tried(doubt.id);
    switch (doubt.kind) {
      case 'payment':
        await this.requery(doubt, actor);
        return;
      case 'refund':
        await this.refunds.advance(doubt.object_no);
        return;
      case 'return': {
        const rows = await this.payments.returnsOf(doubt.payment_no);
        const row = rows.find((one) => one.return_no === doubt.object_no);
        if (row) await this.returns.advance(row);
        return;
      }
      case 'callback': {
        const [provider = '', eventId = ''] = doubt.object_no.split(' ');
        await this.callbacks.again(provider, eventId);
        return;
      }
      case 'attempt':
        return;
    }
  }

  private async requery(doubt: DoubtRow, actor: string): Promise<void> {
    const payment = await this.payments.find(doubt.payment_no);
    if (!payment) return;
    await this.resolve.execute({
      key: newId('ask'),
      paymentNo: payment.payment_no,
      action: 'requery',
      ...{ providerTxnId: '', businessDate: payment.day, amount: toDigits(payment.charged) },
      ...{ evidence: 'asked again by hand', actor },
    });
  }

  /** Ended outside: by a letter to the provider, a transfer, a correction elsewhere. */
  async dismiss(doubt: DoubtRow): Promise<Outcome> {
    if (doubt.kind === 'return') await this.returns.settleByHand(doubt.payment_no, doubt.object_no);
    if (doubt.kind === 'callback') {
      const [provider = '', eventId = ''] = doubt.object_no.split(' ');
      await this.callbacks.dismiss(provider, eventId);
    }
    return { state: 'done', outcome: 'settled by hand' };
  }
}
