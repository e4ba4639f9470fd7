/** One detail line before it is text; amounts and fees in signed fen. */
export interface StatementLine {
  kind: 'PAY' | 'REFUND' | 'REVERSAL';
  ourNo: string;
  txnId: string;
  origTxnId: string;
  amount: bigint;
  fee: bigint;
  /** RFC 3339. */
  at: string;
}
