import type { StatementKind } from '../contract/statement';
import { beijing, counted, Unreadable, yuan, type Cells } from './bill-cells';
import { billFormat, type BillLine, type Tally } from './bill-reader';

/** The fund flow (资金账单): every move of our account at WeChat Pay, fees and withdrawals on lines of their own. */
export const FUND_FLOW = 'wechat-fundflow';

export const WECHAT_FUNDFLOW = billFormat({
  name: FUND_FLOW,
  needs: ['记账时间', '微信支付业务单号', '资金流水单号', '收支类型', '收支金额'],
  summary: '资金流水总笔数',
  line,
  tally: () => new FlowTally(),
});

/** By the words of its business; what nobody listed is money that the file does not explain. */
const KINDS: readonly [RegExp, StatementKind][] = [
  [/手续费|服务费/, 'FEE'],
  [/提现/, 'PAYOUT'],
  [/退款/, 'REFUND'],
  [/^交易$|^交易入账$|^扣款$/, 'PAY'],
];

function line(cells: Cells): BillLine {
  const direction = cells.get('收支类型');
  const amount = yuan(cells.get('收支金额'));
  if (direction !== '收入' && direction !== '支出') throw new Unreadable('a direction nobody listed');
  if (amount < 0n) throw new Unreadable('sign of the amount');
  const kind = kindOf(cells, direction === '收入');
  const flow = cells.id('资金流水单号');
  const providerTxnId = cells.id('微信支付业务单号') || flow;
  if (providerTxnId === '') throw new Unreadable('transaction id');
  return {
    kind,
    ourNumber: cells.id('业务凭证号'),
    providerTxnId,
    origTxnId: kind === 'REFUND' && flow !== providerTxnId ? flow : '',
    amount: direction === '收入' ? amount : -amount,
    fee: 0n,
    currency: 'CNY',
    occurredAt: beijing(cells.get('记账时间')),
    state: 'SUCCESS',
  };
}

/** Money of a kind goes one way: a payment that leaves us, or a refund that comes back, is something else. */
function kindOf(cells: Cells, comesIn: boolean): StatementKind {
  const words = [cells.get('业务类型'), cells.get('业务名称')];
  const kind = KINDS.find(([pattern]) => words.some((word) => pattern.test(word)))?.[1] ?? 'OTHER';
  const wrongWay = kind === 'PAY' ? !comesIn : kind !== 'FEE' && comesIn;
  return wrongWay ? 'OTHER' : kind;
}

class FlowTally implements Tally {
  private readonly into = { count: 0, amount: 0n };
  private readonly out = { count: 0, amount: 0n };

  add(cells: Cells, { amount }: BillLine): void {
    const side = cells.get('收支类型') === '收入' ? this.into : this.out;
    side.count++;
    side.amount += amount < 0n ? -amount : amount;
  }

  unread(summary: Cells): ReturnType<Tally['unread']> {
    const into = yuan(summary.get('收入金额')) - this.into.amount;
    const out = yuan(summary.get('支出金额')) - this.out.amount;
    const counts =
      counted(summary.get('收入笔数')) === this.into.count && counted(summary.get('支出笔数')) === this.out.count;
    const lines = counted(summary.get('资金流水总笔数'));
    return { lines, amount: into - out, exact: counts && into === 0n && out === 0n };
  }
}
