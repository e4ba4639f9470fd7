import type { Break } from '../breaks/break';
import { daysFrom } from '../dates';
import type { Names } from './names';
import type { Sheet, SheetCell } from './sheet';

const text = (value: string): SheetCell => ({ text: value });
const id = (value: string): SheetCell => ({ id: value });
const fen = (value: bigint | null): SheetCell => ({ fen: value });

/** The differences of a date as people work on them: what, how much, how old, whose, what to do. */
export function breakSheet(breaks: readonly Break[], asOf: string, names: Names): Sheet {
  const column = (name: string, zh: string, en: string, width = 14) => ({ name, zh, en, width });
  return {
    ...{ name: 'breaks', zh: '差错', en: 'Breaks' },
    columns: [
      ...[
        column('class', '差错', 'Class', 30),
        column('state', '状态', 'State'),
        column('at_stake', '金额', 'At stake', 16),
      ],
      ...[column('provider', '机构', 'Provider'), column('date', '日期', 'Date'), column('age_days', '账龄', 'Age', 8)],
      ...[column('payment', '订单', 'Payment', 24), column('p', '银行', 'P', 16), column('g', '支付', 'G', 16)],
      ...[
        column('b', '入账', 'B', 16),
        column('suggested', '建议', 'Suggested', 18),
        column('owner', '负责人', 'Owner'),
      ],
      ...[
        column('due_on', '期限', 'Due'),
        column('branch', '分公司', 'Branch'),
        column('break', '差错号', 'Break', 34),
      ],
    ],
    rows: [...breaks]
      .sort(byWork)
      .map((row) => [
        ...[names.word('class', row.class), names.word('state', row.state), fen(row.at_stake)],
        ...[names.provider(row.provider), text(row.date)],
        ...[{ count: daysFrom(row.date, asOf) }, id(row.payment_no), fen(row.p_amount), fen(row.g_amount)],
        ...[
          fen(row.b_amount),
          names.word('action', row.suggested),
          text(row.owner),
          text(row.due_on ?? ''),
          names.branch(row.branch),
          id(row.id),
        ],
      ]),
  };
}

/** What somebody has to do first, the largest sum first, then by id: the same breaks are always in the same order. */
function byWork(a: Break, b: Break): number {
  const open = Number(b.state !== 'resolved') - Number(a.state !== 'resolved');
  if (open !== 0) return open;
  const [x, y] = [size(a.at_stake), size(b.at_stake)];
  if (x !== y) return x < y ? 1 : -1;
  return a.id < b.id ? -1 : 1;
}

const size = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
