import type { Script } from '../contract/conformance';

export type Body = Record<string, unknown>;
/** null: the answer never comes. */
export type WechatAnswer = {
  status?: number;
  body: Body | string | Buffer;
  forged?: boolean;
  cut?: boolean;
  unsigned?: boolean;
} | null;

export const failed = (status: number, code: string): NonNullable<WechatAnswer> => ({
  status,
  body: { code, message: code },
});

/** What each script makes of a request, by what it asks for. */
export function scripted(script: Script, path: string, asked: Body, sums: Map<unknown, unknown>): WechatAnswer {
  if (path.endsWith('/schedule')) return { body: scheduled(asked) };
  const done = answerTo(path, asked, sums);
  switch (script) {
    case 'succeed':
      return path.endsWith('/close') ? { status: 204, body: '' } : { body: done };
    case 'silent':
      return null;
    case 'forged':
      return { body: done, forged: true };
    case 'cut_line':
      return { body: done, cut: true };
    case 'not_json':
      return { body: '<html>' };
    case 'server_error':
      return failed(500, 'SYSTEM_ERROR');
    case 'not_found':
      return failed(404, path.includes('/refunds') ? 'RESOURCE_NOT_EXISTS' : 'ORDER_NOT_EXIST');
    default:
      return changed(script, path, done);
  }
}

type Changed = Exclude<
  Script,
  'succeed' | 'silent' | 'forged' | 'cut_line' | 'not_json' | 'server_error' | 'not_found'
>;

function changed(script: Changed, path: string, done: Body): WechatAnswer {
  const isRefund = 'out_refund_no' in done;
  const number = isRefund ? 'out_refund_no' : 'out_trade_no';
  const state = isRefund ? 'status' : 'trade_state';
  const accepted = path.endsWith('/apply');
  switch (script) {
    case 'decline':
      if (accepted) return failed(403, 'NOT_ENOUGH');
      return { body: { ...done, [state]: isRefund ? 'CLOSED' : 'PAYERROR' } };
    case 'pending':
      return { body: accepted ? done : { ...done, [state]: isRefund ? 'PROCESSING' : 'USERPAYING' } };
    case 'wrong_amount':
      return { body: { ...done, amount: { ...(done['amount'] as Body), total: 1, refund: 1 } } };
    case 'wrong_order':
      return done[number] === undefined ? failed(400, 'OUT_TRADE_NO_USED') : { body: { ...done, [number]: 'X1' } };
    case 'unlisted_status':
      return accepted ? failed(400, 'NOBODY_LISTED_THIS') : { body: { ...done, [state]: 'MAYBE' } };
  }
}

function answerTo(path: string, asked: Body, sums: Map<unknown, unknown>): Body {
  if (path.startsWith('/v3/refund')) return refunded(path, asked, sums);
  if (path.endsWith('/apply')) return { out_trade_no: asked['out_trade_no'], amount: asked['amount'] };
  if (path.endsWith('/native')) return { code_url: 'weixin://wxpay/bizpayurl?pr=p4lpSuKzz' };
  if (path.endsWith('/h5'))
    return { h5_url: 'https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=2' };
  if (path.endsWith('/app') || path.endsWith('/jsapi')) return { prepay_id: 'wx26112122580621e9b071c00d9e093b0000' };
  const number = decodeURIComponent(/out-trade-no\/([^?/]+)/.exec(path)?.[1] ?? '');
  return transaction(number, sums.get(number) ?? 5000);
}

export function transaction(orderNo: unknown, total: unknown): Body {
  return {
    mchid: '1900000109',
    out_trade_no: orderNo,
    transaction_id: '4200000000202611220000000001',
    trade_type: 'NATIVE',
    trade_state: 'SUCCESS',
    trade_state_desc: '支付成功',
    success_time: '2026-11-22T12:00:00+08:00',
    amount: { total, payer_total: total, currency: 'CNY', payer_currency: 'CNY' },
  };
}

function refunded(path: string, asked: Body, sums: Map<unknown, unknown>): Body {
  const number = asked['out_refund_no'] ?? path.split('/').at(-1);
  return {
    refund_id: '50300000000202611220000000001',
    out_refund_no: number,
    transaction_id: '4200000000202611220000000001',
    out_trade_no: asked['out_trade_no'] ?? '2611224321500731004201',
    status: 'SUCCESS',
    success_time: '2026-11-22T13:00:00+08:00',
    amount: { total: 5000, refund: sums.get(number) ?? 5000, currency: 'CNY' },
  };
}

function scheduled(asked: Body): Body {
  return {
    schedule_state: 'SCHEDULED',
    deduct_start_date: '2020-01-01',
    deduct_end_date: '2099-12-31',
    scheduled_amount: asked['schedule_amount'],
  };
}
