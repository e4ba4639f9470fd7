import type { Fields } from '@yidian/connectors/alipay/wire';
import { formatMajor } from '@yidian/money';
import { reply, type Reply } from '../bank/order-answer';
import type { AlipayAgreement, AlipayBook, AlipayOrder, AlipayRefund } from './alipay-book';

type Node = Readonly<Record<string, string>>;
export const yuan = (fen: string | bigint): string => formatMajor(BigInt(fen));

export const done = (node: Node = {}, over: Partial<Reply> = {}): Reply =>
  reply({ code: '10000', msg: 'Success', ...node }, over);

export const refused = (subCode: string, code = '40004'): Reply =>
  reply({ code, msg: code === '40004' ? 'Business Failed' : 'Invalid Arguments', sub_code: subCode, sub_msg: subCode });

/** The gateway itself is ill: no answer of Alipay's at all. */
export const ill = (delayMs: number): Reply => reply({}, { delivery: 'error', status: 502, delayMs });

export const numbers = ({ no, tradeNo }: AlipayOrder): Node => ({ out_trade_no: no, trade_no: tradeNo });

/** An order as a question about it is answered; a time only where money was taken. */
export function orderNode(order: AlipayOrder): Node {
  const { status, amount, paid, at } = order;
  return {
    ...numbers(order),
    trade_status: status,
    total_amount: yuan(amount),
    buyer_pay_amount: paid ? yuan(amount) : '0.00',
    receipt_amount: paid ? yuan(amount) : '0.00',
    ...(paid ? { send_pay_date: at } : {}),
    buyer_logon_id: '138****1234',
  };
}

/** As a debit under an agreement is answered at once. */
export const paidNode = (order: AlipayOrder): Node => ({
  ...numbers(order),
  total_amount: yuan(order.amount),
  receipt_amount: yuan(order.amount),
  gmt_payment: order.at,
  buyer_logon_id: '138****1234',
});

export const refundNode = (refund: AlipayRefund, order: AlipayOrder): Node => ({
  ...numbers(order),
  out_request_no: refund.no,
  total_amount: yuan(order.amount),
  refund_amount: yuan(refund.amount),
  refund_status: refund.status,
  ...(refund.status === 'REFUND_SUCCESS' ? { gmt_refund_pay: refund.at } : {}),
});

export const agreementNode = (agreement: AlipayAgreement): Node => ({
  external_agreement_no: agreement.externalNo,
  agreement_no: agreement.no,
  status: agreement.status,
  sign_time: agreement.signedAt,
  valid_time: agreement.signedAt,
  invalid_time: '2115-02-01 00:00:00',
  alipay_logon_id: '138****8812',
  personal_product_code: 'GENERAL_WITHHOLDING_P',
});

/** What a notification about an order says, of its payment or of money that went back. */
export function orderFields(order: AlipayOrder, book: AlipayBook, refund?: AlipayRefund): Fields {
  const { amount, subject, createdAt, paid, at } = order;
  return {
    notify_type: 'trade_status_sync',
    ...numbers(order),
    trade_status: order.status,
    subject,
    total_amount: yuan(amount),
    buyer_logon_id: '138****1234',
    gmt_create: createdAt,
    ...(paid ? { gmt_payment: at, receipt_amount: yuan(amount), buyer_pay_amount: yuan(amount) } : {}),
    ...(paid ? { fund_bill_list: `[{"amount":"${yuan(amount)}","fundChannel":"ALIPAYACCOUNT"}]` } : {}),
    ...(refund
      ? { out_biz_no: refund.no, refund_fee: yuan(book.givenBack(order.no)), gmt_refund: `${refund.at}.000` }
      : {}),
  };
}
