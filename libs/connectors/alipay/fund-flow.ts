import type { StatementKind } from '../contract/statement';
import { beijing, fen, Unreadable, type Cells } from './bill-cells';
import { billFormat } from './bill-format';
import type { BillLine } from './bill-shape';

/** The bill of our account (账务明细): every move of it, charges and withdrawals on lines of their own. */
export const SIGNCUSTOMER = 'alipay-signcustomer';

export const ALIPAY_SIGNCUSTOMER = billFormat({
  name: SIGNCUSTOMER,
  title: /账务(明细|汇总)/,
  needs: ['账务流水号', '业务流水号', '发生时间', '收入金额', '支出金额'],
  line,
  sections: [
    { name: '收入', holds: ({ amount }) => amount > 0n, printed: (cells) => side(cells, '收入金额'), sign: 1n },
    { name: '支出', holds: ({ amount }) => amount < 0n, printed: (cells) => side(cells, '支出金额'), sign: -1n },
  ],
});

/** By the words of its business; what nobody listed is money that the file does not explain. */
const KINDS: readonly [RegExp, StatementKind][] = [
  [/收费|服务费|手续费|退费/, 'FEE'],
  [/提现/, 'PAYOUT'],
  [/退款/, 'REFUND'],
  [/交易|支付|付款|收款/, 'PAY'],
];

function line(cells: Cells): BillLine {
  const income = side(cells, '收入金额');
  const expense = side(cells, '支出金额');
  if (income > 0n === expense > 0n) throw new Unreadable('neither in nor out');
  const amount = income - expense;
  const kind = kindOf(cells.get('业务类型'), amount > 0n);
  const flow = cells.id('账务流水号');
  const business = cells.id('业务流水号');
  const providerTxnId = business || flow;
  if (providerTxnId === '') throw new Unreadable('transaction id');
  const order = cells.id('商户订单号');
  return {
    kind,
    // Of a refund the file names only the order whose money went back.
    ourNumber: kind === 'REFUND' ? '' : order,
    providerTxnId: kind === 'REFUND' ? flow || business : providerTxnId,
    origTxnId: kind === 'REFUND' ? order || business : '',
    amount,
    fee: 0n,
    currency: 'CNY',
    occurredAt: beijing(cells.get('发生时间')),
    state: 'SUCCESS',
  };
}

/** Money of a kind goes one way: a payment that leaves us, or a refund that comes back, is something else. */
function kindOf(words: string, comesIn: boolean): StatementKind {
  const kind = KINDS.find(([pattern]) => pattern.test(words))?.[1] ?? 'OTHER';
  const wrongWay = kind === 'PAY' ? !comesIn : kind !== 'FEE' && comesIn;
  return wrongWay ? 'OTHER' : kind;
}

/** Expenses are written with a minus sign or without. */
function side(cells: Cells, column: string): bigint {
  const text = cells.get(column);
  const amount = text === '' ? 0n : fen(text);
  return amount < 0n ? -amount : amount;
}
