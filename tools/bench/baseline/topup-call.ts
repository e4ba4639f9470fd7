/** The one call between the two services. Amounts in fen. */
export const TOPUP = 'topup';

export interface TopupCall {
  paymentNumber: string;
  msisdn: string;
  amount: number;
}

export interface TopupReply {
  outcome: 'credited' | 'rejected';
  reason?: string;
  branch?: string;
  /** Fen, as digits. */
  balanceAfter?: string;
}
