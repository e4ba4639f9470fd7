import { billFormat, type BillLine, type Tally } from './bill-reader';
import { beijing, counted, exactYuan, toFen, Unreadable, yuan, type Cells } from './bill-cells';

/**
 * The trade bill (交易账单), of all orders, of paid ones or of refunds: columns by name, for their order differs. Payments
 * count with the order's sum, before vouchers; refunds with the sum asked for. Older files call some columns otherwise.
 */
export const TRADE_BILL = 'wechat-trade';

/** A column and the summary column that sums it; the first pair that the file has counts. */
const ORDERS = [
  ['订单金额', '订单总金额'],
  ['总金额', '总交易额'],
  ['应结订单金额', '应结订单总金额'],
] as const;
export const WECHAT_TRADE = billFormat({
  name: TRADE_BILL,
  needs: ['交易时间', '微信订单号', '商户订单号', '交易状态'],
  summary: '总交易单数',
  line,
  tally: () => new TradeTally(),
});

function line(cells: Cells): BillLine {
  const state = cells.get('交易状态');
  const currency = cells.get('货币种类') || 'CNY';
  if (!/^[A-Z]{3}$/.test(currency)) throw new Unreadable('currency');
  switch (state) {
    case 'SUCCESS':
      return { ...payment(cells), ...fee(cells), currency };
    case 'REFUND':
      return { ...undone(cells, 'REFUND'), ...fee(cells), currency };
    case 'REVOKED':
      return { ...undone(cells, 'REVERSAL'), ...fee(cells), currency };
    default:
      throw new Unreadable('a state nobody listed');
  }
}

type Money = Omit<BillLine, 'fee' | 'feeText' | 'currency'>;

function payment(cells: Cells): Money {
  const amount = yuan(cells.get(orderColumn(cells)));
  if (amount <= 0n) throw new Unreadable('sign of the amount');
  const providerTxnId = cells.id('微信订单号');
  if (providerTxnId === '') throw new Unreadable('transaction id');
  const occurredAt = beijing(cells.get('交易时间'));
  return {
    kind: 'PAY',
    ourNumber: cells.id('商户订单号'),
    providerTxnId,
    origTxnId: '',
    amount,
    occurredAt,
    state: 'SUCCESS',
  };
}

/**
 * A refund stands there from the day it was asked for and is never updated: only `SUCCESS` is final. A revoked payment code
 * has no refund number of its own.
 */
function undone(cells: Cells, kind: 'REFUND' | 'REVERSAL'): Money {
  const amount = given(cells, kind);
  if (amount <= 0n) throw new Unreadable('sign of the amount');
  const order = cells.id('微信订单号');
  const own = cells.id('微信退款单号');
  const providerTxnId = kind === 'REVERSAL' ? own || order : own;
  if (providerTxnId === '') throw new Unreadable('transaction id');
  const ourNumber = cells.id('商户退款单号') || (kind === 'REVERSAL' ? cells.id('商户订单号') : '');
  const time = cells.get('退款成功时间') || cells.get('退款申请时间') || cells.get('交易时间');
  const status = cells.get('退款状态');
  const final = status === 'SUCCESS' || (kind === 'REVERSAL' && status === '');
  return {
    kind,
    ourNumber,
    providerTxnId,
    origTxnId: order,
    amount: -amount,
    occurredAt: beijing(time),
    state: final ? 'SUCCESS' : 'NOTICE',
  };
}

/** What was asked for; where the file leaves that empty, what went back; a revoked line may name the order's sum only. */
function given(cells: Cells, kind: 'REFUND' | 'REVERSAL'): bigint {
  const names = ['申请退款金额', '退款金额', ...(kind === 'REVERSAL' ? ORDERS.map(([name]) => name) : [])];
  for (const name of names) {
    const text = cells.get(name);
    if (text === '') continue;
    const amount = yuan(text);
    if (amount !== 0n) return amount;
  }
  return 0n;
}

function fee(cells: Cells): { fee: bigint; feeText?: string } {
  const text = cells.get('手续费');
  return text === '' ? { fee: 0n } : { fee: toFen(exactYuan(text)), feeText: text };
}

const orderColumn = (cells: Cells): string => ORDERS.find(([name]) => cells.has(name))?.[0] ?? '';

class TradeTally implements Tally {
  /** Of payments and of lines that undo them, in the column that counts, as printed. */
  private paid = 0n;
  private repeated = 0n;
  /** Asked for, and gone back. */
  private asked = 0n;
  private back = 0n;
  private fees = 0n;
  private orders: (typeof ORDERS)[number] | undefined;

  /** Reads all before it adds anything: a line counts wholly or not at all. */
  add(cells: Cells, { kind }: BillLine): void {
    this.orders ??= ORDERS.find(([name]) => cells.has(name));
    const order = this.orders ? printed(cells, this.orders[0]) : 0n;
    const asked = printed(cells, '申请退款金额');
    const back = printed(cells, '退款金额');
    const fee = cells.get('手续费');
    const exact = fee === '' ? 0n : exactYuan(fee);
    if (kind === 'PAY') this.paid += order;
    else this.repeated += order;
    this.asked += asked;
    this.back += back;
    this.fees += exact;
  }

  unread(summary: Cells): ReturnType<Tally['unread']> {
    const paid = this.ordersUnread(summary);
    const refunds = this.refundsUnread(summary);
    const fees = summary.get('手续费总金额');
    const fee = fees === '' ? undefined : toFen(exactYuan(fees) - this.fees);
    return {
      lines: counted(summary.get('总交易单数')),
      ...(paid === undefined && refunds === undefined ? {} : { amount: (paid ?? 0n) - (refunds ?? 0n) }),
      ...(fee === undefined ? {} : { fee }),
      exact: (paid ?? 0n) === 0n && (refunds ?? 0n) === 0n && (fee ?? 0n) === 0n,
    };
  }

  /** A file may repeat an order's sum on the lines that undo it, and count it in the total. */
  private ordersUnread(summary: Cells): bigint | undefined {
    const pair = this.orders ?? ORDERS.find(([, total]) => summary.get(total) !== '');
    const total = pair ? summary.get(pair[1]) : '';
    if (total === '') return undefined;
    const difference = yuan(total) - this.paid;
    return difference === this.repeated ? 0n : difference;
  }

  private refundsUnread(summary: Cells): bigint | undefined {
    const asked = summary.get('申请退款总金额');
    if (asked !== '') return yuan(asked) - this.asked;
    const back = summary.get('退款总金额') || summary.get('总退款金额');
    return back === '' ? undefined : yuan(back) - this.back;
  }
}

/** Most of a bill's refund columns are nothing. */
function printed(cells: Cells, name: string): bigint {
  const text = cells.get(name);
  return text === '' || text === '0.00' ? 0n : yuan(text);
}
