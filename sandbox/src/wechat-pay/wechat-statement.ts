import {
  fundFlowBill,
  tradeBill,
  type BillRow,
  type BillType,
  type FlowRow,
} from '@yidian/connectors/wechat-pay/wire-bill';
import { ofPpm } from '@yidian/money';
import type { Damage } from '../bank/damage';
import type { WechatBook, WechatOrder, WechatRefund } from './wechat-book';
import { tradeType } from './wechat-words';

/** 0.6 % of what is taken; refunds give their part of it back. */
const FEE_PPM = 6_000n;

/** The trade bill of one accounting date, or null when nothing happened. The same however often it is asked for. */
export function billOfDate(
  book: WechatBook,
  date: string,
  of: { mchid: string; appid: string; type: BillType },
): string | null {
  const rows = damaged(rowsOf(book, date), book.damages.get(date) ?? []);
  return rows.length === 0 ? null : tradeBill(rows, of);
}

/** The same day as moves of the account: each payment and its fee on lines of their own. */
export function flowOfDate(book: WechatBook, date: string): string | null {
  let balance = 0n;
  const flow = rowsOf(book, date).flatMap((row) =>
    movesOf(row).map((move): FlowRow => ({ ...move, balance: (balance += move.amount) })),
  );
  return flow.length === 0 ? null : fundFlowBill(flow);
}

function rowsOf(book: WechatBook, date: string): BillRow[] {
  const orders = [...book.orders.values()];
  const paid = orders.filter((order) => order.date === date && (order.state === 'SUCCESS' || order.state === 'REFUND'));
  const back = [...book.refunds.values()].filter((refund) => refund.date === date && refund.status !== 'CLOSED');
  const rows = [
    ...paid.map(paymentRow),
    ...back.flatMap((refund) => {
      const order = book.orders.get(refund.orderNo);
      return order ? [refundRow(refund, order)] : [];
    }),
  ];
  const key = (row: BillRow) => `${row.at.toISOString()}/${row.refund?.id ?? row.transactionId}`;
  return rows.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

const paymentRow = (order: WechatOrder): BillRow => ({
  at: new Date(order.at),
  state: 'SUCCESS',
  orderNo: order.no,
  transactionId: order.transactionId,
  tradeType: tradeType(order),
  amount: BigInt(order.amount),
  fee: ofPpm(BigInt(order.amount), FEE_PPM),
  note: order.note,
});

const refundRow = (refund: WechatRefund, order: WechatOrder): BillRow => ({
  ...paymentRow(order),
  at: new Date(refund.at),
  state: 'REFUND',
  fee: -ofPpm(BigInt(refund.amount), FEE_PPM),
  refund: { no: refund.no, id: refund.id, amount: BigInt(refund.amount), status: refund.status },
});

type Move = Omit<FlowRow, 'balance'>;

function movesOf({ at, refund, orderNo, transactionId, amount, fee }: BillRow): Move[] {
  const move = refund
    ? { at, id: refund.id, flow: transactionId, voucher: refund.no, name: '退款', type: '退款', amount: -refund.amount }
    : { at, id: transactionId, flow: transactionId, voucher: orderNo, name: '交易', type: '交易', amount };
  if (fee === 0n) return [move];
  const name = fee > 0n ? '扣除交易手续费' : '退还交易手续费';
  return [move, { ...move, name, type: name, amount: -fee }];
}

/** Differences that somebody wished for; `txnId` names a payment or a refund as WeChat Pay knows it. */
function damaged(rows: BillRow[], damages: readonly Damage[]): BillRow[] {
  return damages.reduce<BillRow[]>((file, damage) => {
    const hit = (row: BillRow) => (row.refund?.id ?? row.transactionId) === damage.txnId;
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

const extraRow = (damage: Extract<Damage, { how: 'extra' }>): BillRow => ({
  at: new Date(damage.at),
  state: 'SUCCESS',
  orderNo: damage.ourNo,
  transactionId: damage.txnId,
  tradeType: 'NATIVE',
  amount: BigInt(damage.amount),
  fee: 0n,
  note: '',
});
