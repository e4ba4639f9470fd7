import { toJson } from '@yidian/money';
import { reply, type Reply } from '../bank/order-answer';
import type { WechatContract, WechatOrder, WechatRefund } from './wechat-book';

const TRADE_TYPES = { native: 'NATIVE', h5: 'MWEB', app: 'APP', jsapi: 'JSAPI', pap: 'PAP' } as const;
export const tradeType = (order: WechatOrder): string => TRADE_TYPES[order.kind];

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  SUCCESS: '支付成功',
  REFUND: '转入退款',
  NOTPAY: '订单未支付',
  ACCEPT: '已接收,等待扣款',
  CLOSED: '已关闭',
};

export const error = (status: number, code: string, over: Partial<Reply> = {}): Reply =>
  reply({ code, message: code }, { status, ...over });

/** An order in WeChat Pay's words; a sum and a time only where money was taken. */
export function orderBody(mchid: string, order: WechatOrder): object {
  const { no, state, amount, transactionId, at } = order;
  const paid = state === 'SUCCESS' || state === 'REFUND';
  const total = toJson(BigInt(amount));
  return {
    mchid,
    out_trade_no: no,
    trade_state: state,
    trade_state_desc: order.why ?? DESCRIPTIONS[state] ?? '',
    trade_type: tradeType(order),
    ...(paid ? { transaction_id: transactionId, success_time: at, bank_type: 'OTHERS' } : {}),
    amount: { total, payer_total: total, currency: 'CNY', payer_currency: 'CNY' },
  };
}

export function refundBody(refund: WechatRefund, order: WechatOrder): object {
  const { no, id, status, at } = refund;
  return {
    refund_id: id,
    out_refund_no: no,
    transaction_id: order.transactionId,
    out_trade_no: order.no,
    channel: 'ORIGINAL',
    status,
    create_time: at,
    ...(status === 'SUCCESS' ? { success_time: at, user_received_account: '支付用户零钱' } : {}),
    amount: { total: toJson(BigInt(order.amount)), refund: toJson(BigInt(refund.amount)), currency: 'CNY' },
  };
}

/** The same in a notification: another name for the state, and no currency. */
export function refundNotice(mchid: string, refund: WechatRefund, order: WechatOrder): object {
  const { status, at } = refund;
  const total = toJson(BigInt(order.amount));
  const back = toJson(BigInt(refund.amount));
  return {
    mchid,
    transaction_id: order.transactionId,
    out_trade_no: order.no,
    refund_id: refund.id,
    out_refund_no: refund.no,
    refund_status: status,
    ...(status === 'SUCCESS' ? { success_time: at } : {}),
    user_received_account: '支付用户零钱',
    amount: { total, refund: back, payer_total: total, payer_refund: back },
  };
}

export function contractBody(mchid: string, contract: WechatContract): object {
  const { code, planId, id, account, state, endedBy, signedAt, scheduled } = contract;
  return {
    mchid,
    contract_id: id,
    plan_id: planId,
    out_contract_code: code,
    contract_display_account: account,
    contract_state: state,
    contract_signed_time: signedAt,
    ...(endedBy ? { contract_terminate_info: { contract_termination_mode: endedBy } } : {}),
    deduct_schedule: { schedule_state: scheduled === '' ? 'NO_SCHEDULED' : 'SCHEDULED' },
  };
}
