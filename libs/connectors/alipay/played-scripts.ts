import type { Script } from '../contract/conformance';
import type { AlipayRequest } from './wire';

export type Node = Readonly<Record<string, unknown>>;
/** null: the answer never comes. */
export type AlipayReply = { node: Node; forged?: boolean; cut?: boolean } | { status: number; text: string } | null;

export const refusedNode = (code: string, subCode: string): Node => ({
  code,
  msg: 'Business Failed',
  sub_code: subCode,
  sub_msg: subCode,
});

export const TRADE_NO = '2026112222001400000000000001';
const PAID_AT = '2026-11-22 12:00:00';

/** Sums by order and refund number, as they were asked for. */
export type Sums = Map<unknown, unknown>;

/** What each script makes of a request, by what it asks for. */
export function scripted(script: Script, { method, biz }: AlipayRequest, sums: Sums): AlipayReply {
  const node = done(method, biz, sums);
  switch (script) {
    case 'succeed':
      return { node };
    case 'silent':
      return null;
    case 'forged':
      return { node, forged: true };
    case 'cut_line':
      return { node, cut: true };
    case 'not_json':
      return { status: 200, text: '<html>' };
    case 'server_error':
      return { status: 502, text: 'Bad Gateway' };
    case 'not_found':
      return { node: refusedNode('40004', 'ACQ.TRADE_NOT_EXIST') };
    default:
      return { node: changed(script, method, node) };
  }
}

type Changed = Exclude<
  Script,
  'succeed' | 'silent' | 'forged' | 'cut_line' | 'not_json' | 'server_error' | 'not_found'
>;

function changed(script: Changed, method: string, node: Node): Node {
  const isRefund = 'refund_amount' in node;
  switch (script) {
    case 'decline':
      return declined(method, node);
    case 'pending':
      if (method === 'alipay.trade.pay') return { ...node, code: '10003', msg: 'order success pay inprocess' };
      return isRefund ? { ...node, refund_status: 'REFUND_PROCESSING' } : { ...node, trade_status: 'WAIT_BUYER_PAY' };
    case 'wrong_amount':
      return { ...node, [isRefund ? 'refund_amount' : 'total_amount']: '0.01' };
    case 'wrong_order':
      return { ...node, [isRefund ? 'out_request_no' : 'out_trade_no']: 'X1' };
    case 'unlisted_status':
      if (method === 'alipay.trade.pay') return { ...node, code: '10009' };
      return { ...node, [isRefund ? 'refund_status' : 'trade_status']: 'MAYBE' };
  }
}

/** An order that was not paid is closed in the end; nobody says why. */
function declined(method: string, node: Node): Node {
  if (method === 'alipay.trade.pay') return refusedNode('40004', 'ACQ.BUYER_BALANCE_NOT_ENOUGH');
  if (method === 'alipay.trade.refund') return refusedNode('40004', 'ACQ.SELLER_BALANCE_NOT_ENOUGH');
  if (method === 'alipay.trade.fastpay.refund.query') return { ...node, refund_status: 'REFUND_FAIL' };
  const { send_pay_date: _, ...unpaid } = node;
  return { ...unpaid, trade_status: 'TRADE_CLOSED' };
}

function done(method: string, biz: AlipayRequest['biz'], sums: Sums): Node {
  const order = { code: '10000', msg: 'Success', out_trade_no: biz['out_trade_no'], trade_no: TRADE_NO };
  const total = sums.get(biz['out_trade_no']) ?? '50.00';
  switch (method) {
    case 'alipay.trade.pay':
      return { ...order, total_amount: total, receipt_amount: total, gmt_payment: PAID_AT };
    case 'alipay.trade.query':
      return { ...order, trade_status: 'TRADE_SUCCESS', total_amount: total, send_pay_date: PAID_AT };
    case 'alipay.trade.refund':
      return { ...order, fund_change: 'Y', refund_fee: '50.00', gmt_refund_pay: PAID_AT };
    case 'alipay.trade.fastpay.refund.query':
      return { ...order, ...refunded(biz, total, sums) };
    case 'alipay.trade.precreate':
      return {
        code: '10000',
        msg: 'Success',
        out_trade_no: biz['out_trade_no'],
        qr_code: 'https://qr.alipay.com/bax1',
      };
    default:
      return order;
  }
}

const refunded = (biz: AlipayRequest['biz'], total: unknown, sums: Sums): Node => ({
  out_request_no: biz['out_request_no'],
  total_amount: total,
  refund_amount: sums.get(biz['out_request_no']) ?? '50.00',
  refund_status: 'REFUND_SUCCESS',
  gmt_refund_pay: '2026-11-22 13:00:00',
});
