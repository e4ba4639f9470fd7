import { formatMajor, sum } from '@yidian/money';
import { beijingTime } from './words';

/** WeChat Pay's bills as it writes them, for playing it in tests and in the sandbox. */
export interface BillRow {
  at: Date;
  state: 'SUCCESS' | 'REFUND' | 'REVOKED';
  orderNo: string;
  transactionId: string;
  /** `NATIVE`, `MWEB`, `APP`, `PAP`, … */
  tradeType: string;
  /** Fen. */
  amount: bigint;
  /** Fen; negative where a refund gives a fee back. */
  fee: bigint;
  note: string;
  /** Of `REFUND` and `REVOKED` rows. */
  refund?: { no: string; id: string; amount: bigint; status: string; settledAt?: Date };
}

export type BillType = 'ALL' | 'SUCCESS' | 'REFUND';

export interface BillOf {
  mchid: string;
  appid: string;
  type: BillType;
}

const BOM = '\uFEFF';
const HEAD =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额';
const REFUND = '微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态';
const REFUND_TIMES = '退款申请时间,退款成功时间';
const TAIL = '商品名称,商户数据包,手续费,费率,订单金额';

export const TRADE_HEADERS: Readonly<Record<BillType, string>> = {
  ALL: `${HEAD},${REFUND},${TAIL},申请退款金额,费率备注`,
  SUCCESS: `${HEAD},${TAIL},费率备注`,
  REFUND: `${HEAD},${REFUND_TIMES},${REFUND},${TAIL},申请退款金额,费率备注`,
};
export const TRADE_SUMMARY =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';

export function tradeBill(rows: readonly BillRow[], of: BillOf): string {
  const printed = rows.filter(({ state }) => of.type === 'ALL' || (of.type === 'SUCCESS') === (state === 'SUCCESS'));
  const header = TRADE_HEADERS[of.type];
  const names = header.split(',');
  const lines = printed.map((row) => {
    const cells = tradeCells(row, of);
    return ticked(names.map((name) => cells[name] ?? ''));
  });
  const paid = sum(printed.filter(({ state }) => state === 'SUCCESS').map(({ amount }) => amount));
  const back = sum(printed.map(({ refund }) => refund?.amount ?? 0n));
  const fees = sum(printed.map(({ fee }) => fee));
  const totals = [`${lines.length}`, yuan(paid), yuan(back), '0.00', feeText(fees), yuan(paid), yuan(back)];
  return `${BOM}${[header, ...lines, TRADE_SUMMARY, ticked(totals)].join('\r\n')}\r\n`;
}

function tradeCells(row: BillRow, { mchid, appid }: BillOf): Record<string, string> {
  const { refund, state } = row;
  const paid = state === 'SUCCESS' ? yuan(row.amount) : '0.00';
  return {
    交易时间: localTime(row.at),
    公众账号ID: appid,
    商户号: mchid,
    特约商户号: '0',
    微信订单号: row.transactionId,
    商户订单号: row.orderNo,
    用户标识: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
    交易类型: row.tradeType,
    交易状态: state,
    付款银行: 'OTHERS',
    货币种类: 'CNY',
    应结订单金额: paid,
    代金券金额: '0.00',
    退款申请时间: localTime(row.at),
    退款成功时间: refund?.settledAt ? localTime(refund.settledAt) : '',
    微信退款单号: refund?.id ?? '0',
    商户退款单号: refund?.no ?? '0',
    退款金额: yuan(refund?.amount ?? 0n),
    充值券退款金额: '0.00',
    退款类型: refund ? 'ORIGINAL' : '',
    退款状态: refund?.status ?? '',
    商品名称: row.note.replaceAll(',', '\\ ').replaceAll('\n', '\\n'),
    手续费: feeText(row.fee),
    费率: '0.60%',
    订单金额: paid,
    申请退款金额: yuan(refund?.amount ?? 0n),
  };
}

export interface FlowRow {
  at: Date;
  /** 微信支付业务单号 · 资金流水单号 · 业务凭证号 */
  id: string;
  flow: string;
  voucher: string;
  name: string;
  type: string;
  /** Fen, signed: what leaves the account is negative. */
  amount: bigint;
  balance: bigint;
}
export const FLOW_HEADER =
  '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号';
export const FLOW_SUMMARY = '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额';

export function fundFlowBill(rows: readonly FlowRow[]): string {
  const lines = rows.map(({ at, id, flow, name, type, amount, balance, voucher }) =>
    ticked([
      localTime(at),
      id,
      flow,
      name,
      type,
      amount < 0n ? '支出' : '收入',
      yuan(amount < 0n ? -amount : amount),
      yuan(balance),
      'system',
      '',
      voucher,
    ]),
  );
  const into = rows.map(({ amount }) => amount).filter((amount) => amount >= 0n);
  const out = rows.map(({ amount }) => -amount).filter((amount) => amount > 0n);
  const totals = [`${rows.length}`, `${into.length}`, yuan(sum(into)), `${out.length}`, yuan(sum(out))];
  return `${BOM}${[FLOW_HEADER, ...lines, FLOW_SUMMARY, ticked(totals)].join('\r\n')}\r\n`;
}

const ticked = (values: readonly string[]): string => values.map((value) => `\`${value}`).join(',');
const yuan = (amount: bigint): string => formatMajor(amount);
const feeText = (fee: bigint): string => `${formatMajor(fee)}000`;
const localTime = (at: Date): string => beijingTime(at).slice(0, 19).replace('T', ' ');
