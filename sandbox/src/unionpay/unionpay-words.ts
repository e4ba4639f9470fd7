import type { WireFields } from '@yidian/connectors/unionpay/wire';
import { txnTime } from '@yidian/connectors/unionpay/times';
import { reply, type Reply } from '../bank/order-answer';
import type { UnionPayBinding, UnionPayOrder } from './unionpay-book';

const MESSAGES: Readonly<Record<string, string>> = {
  '00': '成功[0000000]',
  '12': '重复交易[2040012]',
  '34': '查无此交易[2600000]',
  '35': '原交易不存在或状态不正确[2011000]',
  '36': '与原交易信息不符[2060100]',
  '40': '绑定关系检查失败[2070000]',
  '64': '卡上的余额不足[1000051]',
  '69': '您的输入超时，交易失败[5100069]',
  '70': '交易已跳转，等待持卡人输入[0000070]',
  '81': '月累计交易笔数(金额)超限[1000081]',
  '98': '文件不存在[9800000]',
};
const messageOf = (code: string): string => MESSAGES[code] ?? `交易失败[${code}00000]`;

const REPEATED = ['accessType', 'bizType', 'merId', 'orderId', 'txnTime', 'txnType', 'txnSubType', 'bindId'];

/** An answer to what was asked: its own facts again, a code, and what else there is to say. */
export function answered(asked: WireFields, respCode: string, more: WireFields = {}, over: Partial<Reply> = {}): Reply {
  const repeated = Object.fromEntries(REPEATED.flatMap((name) => (asked[name] ? [[name, asked[name]]] : [])));
  return reply({ ...repeated, ...more, respCode, respMsg: messageOf(respCode) }, over);
}

/** What a question is told about an order. */
export function orderFields(order: UnionPayOrder, amount = order.amount): WireFields {
  const code = codeOf(order);
  return { ...facts(order, amount), origRespCode: code, origRespMsg: messageOf(code) };
}

/** The same in a notification of its outcome. */
export function orderNotice(order: UnionPayOrder, merId: string): WireFields {
  const { no, time, txnType, bizType } = order;
  const code = codeOf(order);
  return {
    ...facts(order, order.amount),
    accessType: '0',
    bizType,
    merId,
    orderId: no,
    txnTime: time,
    txnType,
    txnSubType: txnType === '01' ? '01' : '00',
    respCode: code,
    respMsg: messageOf(code),
  };
}

function facts({ queryId, date, at, origQueryId }: UnionPayOrder, amount: string): WireFields {
  const day = date.slice(5).replace('-', '');
  return {
    accNo: '621626********0018',
    currencyCode: '156',
    queryId,
    settleAmt: amount,
    settleCurrencyCode: '156',
    settleDate: day,
    traceNo: queryId.slice(-6),
    traceTime: txnTime(new Date(at)).slice(4),
    txnAmt: amount,
    ...(origQueryId === '' ? {} : { origQryId: origQueryId }),
  };
}

/** An order that waits for its payer says so until its time is over. */
function codeOf({ state, code, expires }: UnionPayOrder): string {
  switch (state) {
    case 'DONE':
      return '00';
    case 'REFUSED':
      return code ?? '01';
    case 'OPEN':
      return expires !== '' && expires < txnTime(new Date()) ? '69' : '70';
    case 'WORKING':
      return '05';
    case 'NONE':
      return '34';
  }
}

export function bindingNotice({ bindId, orderNo, time, state }: UnionPayBinding, merId: string): WireFields {
  return {
    accNo: '621626********0018',
    accessType: '0',
    bizType: '000501',
    bindId,
    merId,
    orderId: orderNo,
    txnTime: time,
    txnType: state === 'ENDED' ? '74' : '72',
    txnSubType: state === 'ENDED' ? '04' : '01',
    respCode: '00',
    respMsg: messageOf('00'),
  };
}
