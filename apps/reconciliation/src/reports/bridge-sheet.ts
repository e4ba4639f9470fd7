import { formatMajor, fromDigits, toJson } from '@yidian/money';
import writeExcelFile, { type Cell, type Row } from 'write-excel-file/node';
import type { DayReport } from './day-report';
import { disarm } from './sheet';

/** Statement → named differences → book, residual last; one sheet for all providers and one of the classes. */
export async function bridgeXlsx({ runs, bridges: shown }: DayReport): Promise<Buffer> {
  const bridges: Row[] = [
    heads('机构 Provider', '桥 Bridge', '项 Line', '笔 Count', '元 CNY', '分 Fen'),
    ...shown.flatMap(({ provider, kind, statementTotal, bookTotal, lines, residual }) => [
      amountRow([provider, kind, '对方合计 statement'], null, statementTotal),
      ...lines.map((line) => amountRow([provider, kind, line.name], line.count, line.amount)),
      amountRow([provider, kind, '我方合计 book'], null, bookTotal),
      amountRow([provider, kind, '未解释 residual'], null, residual),
    ]),
  ];
  const classes: Row[] = [
    heads('机构 Provider', '差错 Class', '笔 Count', '元 CNY', '分 Fen'),
    ...runs.flatMap((run) => run.counts.map((line) => amountRow([run.provider, line.class], line.count, line.amount))),
  ];
  return writeExcelFile([
    { data: bridges, sheet: '桥 Bridge', columns: [18, 14, 26, 10, 18, 18].map((width) => ({ width })) },
    { data: classes, sheet: '分类 Classes', columns: [18, 26, 10, 18, 18].map((width) => ({ width })) },
  ]).toBuffer();
}

const heads = (...names: string[]): Row => names.map((value) => ({ value, type: String, fontWeight: 'bold' as const }));

/** Yuan are text, exact to the fen; the fen beside them are whole numbers to calculate with. */
function amountRow(names: readonly string[], count: number | null, digits: string): Row {
  const amount = fromDigits(digits);
  const cells: Cell[] = names.map((value) => ({ value: disarm(value), type: String }));
  return [
    ...cells,
    count === null ? null : { value: count, type: Number },
    { value: formatMajor(amount), type: String, align: 'right' },
    { value: toJson(amount), type: Number, format: '0' },
  ];
}
