import { flowZip, tradeZip, type BillOf, type FlowRow, type TradeRow } from '@yidian/connectors/alipay/wire-bill';
import { formatMajor, ofPpm } from '@yidian/money';
import type { Damage } from '../bank/damage';
import type { AlipayBook, AlipayOrder, AlipayRefund } from './alipay-book';

/** 0.6 % of what is taken; refunds give their part of it back. */
const FEE_PPM = 6_000n;
const PAYER = '*三(138******34)';

type Row = Omit<TradeRow, 'fee'> & { key: string; fee: bigint };

/** The bill of one accounting date, or null when nothing happened. The same however often it is asked for. */
export function billOfDate(book: AlipayBook, account: string, date: string): Buffer | null {
  const rows = damaged(rowsOf(book, date), book.damages.get(date) ?? []);
  // A charge is written with a minus sign, as what it takes from us.
  const printed = rows.map(({ fee, key: _, ...row }): TradeRow => ({ ...row, fee: formatMajor(-fee) }));
  return rows.length === 0 ? null : tradeZip(printed, frame(account, date));
}

/** The same day as moves of the account: each payment and its fee on lines of their own. */
export function flowOfDate(book: AlipayBook, account: string, date: string): Buffer | null {
  let balance = 0n;
  const moves = rowsOf(book, date).flatMap((row) => {
    const type = row.kind === '交易' ? '在线支付' : '交易退款';
    const fee = row.kind === '交易' ? '收费' : '退费';
    return [move(row, row.amount, type), ...(row.fee === 0n ? [] : [move(row, -row.fee, fee)])];
  });
  const flow = moves.map((row, i): FlowRow => ({
    ...row,
    flowNo: `${date.replaceAll('-', '')}${String(i + 1).padStart(8, '0')}`,
    balance: (balance += row.amount),
  }));
  return flow.length === 0 ? null : flowZip(flow, frame(account, date));
}

/** Made early in the morning after; a fixed time, so that the file stays the same. */
const frame = (account: string, date: string): BillOf => ({
  account: `${account}0156`,
  date,
  exportedAt: new Date(new Date(`${date}T05:46:12+08:00`).getTime() + 86_400_000),
});

const move = (row: Row, amount: bigint, type: string): Omit<FlowRow, 'flowNo' | 'balance'> => ({
  ...{ tradeNo: row.tradeNo, orderNo: row.orderNo, subject: row.subject, payer: row.payer },
  ...{ at: row.doneAt, amount, type },
});

function rowsOf(book: AlipayBook, date: string): Row[] {
  const paid = [...book.orders.values()].filter((order) => order.paid && order.date === date);
  const back = [...book.refunds.values()].filter(
    (refund) => refund.date === date && refund.status === 'REFUND_SUCCESS',
  );
  const rows = [
    ...paid.map(paymentRow),
    ...back.flatMap((refund) => {
      const order = book.orders.get(refund.orderNo);
      return order ? [refundRow(refund, order)] : [];
    }),
  ];
  const place = (row: Row) => `${row.doneAt.toISOString()}/${row.key}`;
  return rows.sort((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0));
}

const beijing = (text: string): Date => new Date(`${text.replace(' ', 'T')}+08:00`);

const paymentRow = (order: AlipayOrder): Row => ({
  ...{ key: order.tradeNo, kind: '交易', tradeNo: order.tradeNo, orderNo: order.no, refundNo: '', payer: PAYER },
  subject: order.subject,
  createdAt: beijing(order.createdAt),
  doneAt: beijing(order.at),
  amount: BigInt(order.amount),
  fee: ofPpm(BigInt(order.amount), FEE_PPM),
});

const refundRow = (refund: AlipayRefund, order: AlipayOrder): Row => ({
  ...paymentRow(order),
  ...{ key: refund.no, kind: '退款', refundNo: refund.no },
  doneAt: beijing(refund.at),
  amount: -BigInt(refund.amount),
  fee: -ofPpm(BigInt(refund.amount), FEE_PPM),
});

/** Differences that somebody wished for; `txnId` names a payment by its trade number, a refund by its own. */
function damaged(rows: Row[], damages: readonly Damage[]): Row[] {
  return damages.reduce<Row[]>((file, damage) => {
    const hit = (row: Row) => row.key === damage.txnId;
    switch (damage.how) {
      case 'omit':
        return file.filter((row) => !hit(row));
      case 'repeat':
        return file.flatMap((row) => (hit(row) ? [row, row] : [row]));
      case 'fee':
        return file.map((row) => (hit(row) ? { ...row, fee: row.fee + BigInt(damage.by) } : row));
      case 'amount':
        return file.map((row) => (hit(row) ? { ...row, amount: row.amount + BigInt(damage.by) } : row));
      case 'extra':
        return [...file, extraRow(damage)];
    }
  }, rows);
}

const extraRow = ({ ourNo, txnId, amount, at }: Extract<Damage, { how: 'extra' }>): Row => ({
  ...{ key: txnId, kind: '交易', tradeNo: txnId, orderNo: ourNo, refundNo: '', subject: '', payer: PAYER },
  ...{ createdAt: new Date(at), doneAt: new Date(at), amount: BigInt(amount), fee: 0n },
});
