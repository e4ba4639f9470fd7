import type { BankBook, Refund } from './bank-book';
import type { RefundRequest } from './bank-wire';
import { refundBody, refusal, reply, type Reply } from './order-answer';

/** Money back to the payer. One refund number is one refund; the sum never passes what was taken. */
export class Refunds {
  constructor(private readonly book: BankBook) {}

  give(request: RefundRequest): Reply {
    const known = this.book.refunds.get(request.refund_no);
    if (known) {
      const same = known.amount === String(request.amount) && known.attemptNo === request.attempt_no;
      return same ? reply(refundBody(known)) : refusal(409, 'order_conflict');
    }
    const reason = this.whyNot(request);
    const refund: Refund = {
      refundNo: request.refund_no,
      attemptNo: request.attempt_no,
      kind: request.kind,
      amount: String(request.amount),
      status: reason === undefined ? 'succeeded' : 'failed',
      ...(reason === undefined ? {} : { reason }),
      txnId: this.book.nextTxnId(),
      date: this.book.date,
      at: new Date().toISOString(),
    };
    this.book.put({ t: 'refund', refund });
    return reply(refundBody(refund));
  }

  query(refundNo: string): Reply {
    const refund = this.book.refunds.get(refundNo);
    return reply(refund ? refundBody(refund) : { refund_no: refundNo, status: 'not_found' });
  }

  private whyNot(request: RefundRequest): string | undefined {
    const order = this.book.orders.get(request.attempt_no);
    if (order?.status !== 'succeeded') return 'order_not_paid';
    if (request.kind === 'reversal' && order.date !== this.book.date) return 'window_closed';
    const given = [...this.book.refunds.values()]
      .filter((refund) => refund.attemptNo === request.attempt_no && refund.status === 'succeeded')
      .reduce((total, refund) => total + BigInt(refund.amount), 0n);
    return given + BigInt(request.amount) > BigInt(order.amount) ? 'amount_exceeded' : undefined;
  }
}
