import type { StatementKind } from '../contract/statement';
import { beijing, feeFen, fen, Unreadable, type Cells } from './bill-cells';
import { billFormat } from './bill-format';
import type { BillLine } from './bill-shape';

/**
 * The bill of trades (业务明细). A payment counts with the order's sum, before what merchants add; a refund stands under the
 * number of the trade that it undoes, with a negative sum and the number it was asked for by.
 */
export const TRADE_DETAIL = 'alipay-trade';

export const ALIPAY_TRADE = billFormat({
  name: TRADE_DETAIL,
  title: /业务(明细|汇总)/,
  needs: ['支付宝交易号', '商户订单号', '业务类型', '订单金额'],
  line,
  sections: [
    { name: '交易', holds: ({ kind }) => kind === 'PAY', printed, sign: 1n },
    { name: '退款', holds: ({ kind }) => kind !== 'PAY', printed, sign: -1n },
  ],
});

const KINDS: Readonly<Record<string, StatementKind>> = { 交易: 'PAY', 退款: 'REFUND', 撤销: 'REVERSAL' };

function line(cells: Cells): BillLine {
  const kind = KINDS[cells.get('业务类型')];
  if (kind === undefined) throw new Unreadable('a kind nobody listed');
  const amount = fen(cells.get('订单金额'));
  if (kind === 'PAY' ? amount <= 0n : amount >= 0n) throw new Unreadable('sign of the amount');
  printed(cells); // what the totals sum must be readable too
  const trade = cells.id('支付宝交易号');
  if (trade === '') throw new Unreadable('transaction id');
  const ourNumber = kind === 'PAY' ? cells.id('商户订单号') : refundNumber(cells);
  return {
    kind,
    ourNumber,
    providerTxnId: trade,
    origTxnId: kind === 'PAY' ? '' : trade,
    amount,
    ...fee(cells, kind),
    currency: 'CNY',
    occurredAt: beijing(cells.get('完成时间') || cells.get('创建时间')),
    state: 'SUCCESS',
  };
}

const refundNumber = (cells: Cells): string => cells.id('退款批次号/请求号') || cells.id('退款批次号');

/** Written with either sign; what a payment costs is charged to us, and a refund gives it back. */
function fee(cells: Cells, kind: StatementKind): { fee: bigint; feeText?: string } {
  const text = cells.get('服务费');
  if (text === '') return { fee: 0n };
  const size = magnitude(feeFen(text));
  return { fee: kind === 'PAY' ? size : -size, feeText: text };
}

function printed(cells: Cells): bigint {
  return magnitude(fen(cells.get('商家实收') || cells.get('订单金额')));
}

const magnitude = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
