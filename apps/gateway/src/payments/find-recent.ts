import { Injectable } from '@nestjs/common';
import type { PaymentDetail, PaymentRow } from './payment.rows';
import { PaymentsReadStore } from './payments-read.store';

export interface Recent {
  paymentNo: string;
  /** Message or session it came by. */
  source: string | undefined;
  /** It ended without money: asking again is no repeat. */
  nothingTaken: boolean;
}

const NOTHING_TAKEN: readonly PaymentRow['state'][] = ['declined', 'closed', 'rejected', 'refunded', 'reversed'];

/** Has the same payer just asked for the same thing? */
@Injectable()
export class FindRecent {
  constructor(private readonly store: PaymentsReadStore) {}

  async byNumber(paymentNo: string): Promise<Recent | null> {
    const row = await this.store.find(paymentNo);
    return row ? recent(row) : null;
  }
}

const recent = (row: PaymentRow): Recent => ({
  paymentNo: row.payment_no,
  source: (JSON.parse(row.detail) as PaymentDetail).source,
  nothingTaken: NOTHING_TAKEN.includes(row.state),
});
