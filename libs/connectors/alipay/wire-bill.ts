import { formatMajor, sum } from '@yidian/money';
import { encode } from 'iconv-lite';
import { beijingTime } from './words';
import { zipOf } from '../packed/wire-zip';

/** Alipay's bills as it writes them, for playing it in tests and in the sandbox. */
export interface TradeRow {
  kind: '交易' | '退款';
  tradeNo: string;
  orderNo: string;
  /** Of a refund: the number it was asked for by. */
  refundNo: string;
  subject: string;
  createdAt: Date;
  doneAt: Date;
  payer: string;
  /** Fen, signed: refunds are negative. */
  amount: bigint;
  /** As printed, in yuan: `0.19`, `-0.003`. */
  fee: string;
}

export interface BillOf {
  /** Our account there, 2088… with 0156 behind it. */
  account: string;
  /** YYYY-MM-DD */
  date: string;
  exportedAt: Date;
}

export const TRADE_HEADER =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,' +
  '支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,' +
  '退款批次号/请求号,服务费（元）,分润（元）,备注';

export function tradeDetail(rows: readonly TradeRow[], of: BillOf): string {
  const paid = rows.filter(({ kind }) => kind === '交易').map(({ amount }) => amount);
  const back = rows.filter(({ kind }) => kind === '退款').map(({ amount }) => amount);
  return lines([
    ...opening('业务明细', of),
    TRADE_HEADER,
    ...rows.map(tradeRow),
    `#${dashes}业务明细列表结束${dashes.slice(5)}`,
    `#交易合计：${paid.length}笔，商家实收共${yuan(sum(paid))}元，商家优惠共0.00元`,
    `#退款合计：${back.length}笔，商家实收退款共${yuan(sum(back))}元，商家优惠退款共0.00元`,
    `#导出时间：[${chinese(of.exportedAt)}]`,
  ]);
}

function tradeRow(row: TradeRow): string {
  const sums = [yuan(row.amount), yuan(row.amount), '0.00', '0.00', '0.00', '0.00', '0.00'];
  return [
    ...[`${row.tradeNo}\t`, `${row.orderNo}\t`, row.kind, plain(row.subject)],
    ...[beijingTime(row.createdAt), beijingTime(row.doneAt), '\t', '\t', '\t', '\t', `${row.payer}\t`],
    ...[...sums, '', '0.00\t', '0.00', `${row.refundNo}\t`, row.fee, '0.00', ''],
  ].join(',');
}

export function tradeSummary(rows: readonly TradeRow[], of: BillOf): string {
  const count = (kind: TradeRow['kind']) => `${rows.filter((row) => row.kind === kind).length}`;
  return lines([
    ...opening('业务汇总', of),
    '门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）',
    ['合计', '', count('交易'), count('退款'), ...Array<string>(2).fill(yuan(sum(rows.map((row) => row.amount))))].join(
      ',',
    ),
    `#${dashes}业务汇总列表结束${dashes.slice(5)}`,
    `#导出时间：[${chinese(of.exportedAt)}]`,
  ]);
}

/** The summary comes first, as it has been seen to. */
export function tradeZip(rows: readonly TradeRow[], of: BillOf): Buffer {
  const name = `${of.account}_${of.date.replaceAll('-', '')}_业务明细`;
  return zipOf([
    { name: `${name}(汇总).csv`, content: encode(tradeSummary(rows, of), 'gbk') },
    { name: `${name}.csv`, content: encode(tradeDetail(rows, of), 'gbk') },
  ]);
}

export interface FlowRow {
  /** 账务流水号 · 业务流水号 · 商户订单号 */
  flowNo: string;
  tradeNo: string;
  orderNo: string;
  subject: string;
  at: Date;
  payer: string;
  /** Fen, signed: what leaves the account is negative. */
  amount: bigint;
  balance: bigint;
  /** `在线支付`, `退款`, `收费`, `提现`, … */
  type: string;
}

export const FLOW_HEADER =
  '账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注';

export function fundFlow(rows: readonly FlowRow[], of: BillOf): string {
  const into = rows.map(({ amount }) => amount).filter((amount) => amount > 0n);
  const out = rows.map(({ amount }) => -amount).filter((amount) => amount > 0n);
  return lines([
    ...opening('账务明细', of),
    FLOW_HEADER,
    ...rows.map((row) =>
      [
        ...[`${row.flowNo}\t`, `${row.tradeNo}\t`, `${row.orderNo}\t`, `${plain(row.subject)}\t`],
        ...[beijingTime(row.at), `${row.payer}\t`],
        ...[row.amount > 0n ? yuan(row.amount) : '0.00', row.amount < 0n ? yuan(row.amount) : '0.00'],
        ...[yuan(row.balance), '支付宝', row.type, ''],
      ].join(','),
    ),
    `#${dashes}账务明细列表结束${dashes.slice(5)}`,
    `#支出合计：${out.length}笔，共${yuan(sum(out))}元`,
    `#收入合计：${into.length}笔，共${yuan(sum(into))}元`,
    `#导出时间：[${chinese(of.exportedAt)}]`,
  ]);
}

export function flowZip(rows: readonly FlowRow[], of: BillOf): Buffer {
  const name = `${of.account}_${of.date.replaceAll('-', '')}_账务明细.csv`;
  return zipOf([{ name, content: encode(fundFlow(rows, of), 'gbk') }]);
}

const dashes = '-'.repeat(41);

function opening(title: string, { account, date }: BillOf): string[] {
  const from = new Date(`${date}T00:00:00+08:00`);
  const to = new Date(from.getTime() + 86_400_000);
  return [
    `#支付宝${title}查询`,
    `#账号：[${account}]`,
    `#起始日期：[${chinese(from)}]   终止日期：[${chinese(to)}]`,
    `#${dashes}${title}列表${dashes}`,
  ];
}

const lines = (all: readonly string[]): string => `${all.join('\r\n')}\r\n`;
const yuan = (amount: bigint): string => formatMajor(amount);
/** Nothing that would part cells or lines. */
const plain = (text: string): string => text.replace(/[,\r\n"]/g, ' ');
const chinese = (at: Date): string => beijingTime(at).replace(/^(\d{4})-(\d{2})-(\d{2}) /, '$1年$2月$3日 ');
