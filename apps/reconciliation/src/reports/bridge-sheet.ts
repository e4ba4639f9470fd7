import { formatMajor, fromDigits, toJson } from '@yidian/money';
import writeExcelFile, { type Cell, type Row } from 'write-excel-file/node';
import type { DayReport } from './day-report';
import type { Names } from './names';
import { disarm, isNamed, nameOf, type SheetCell } from './sheet';

/** Statement → named differences → book, residual last; one sheet for all providers and one of the classes. */
export async function bridgeXlsx({ runs, bridges: shown, names }: DayReport): Promise<Buffer> {
  const bridges: Row[] = [
    heads('机构 Provider', '桥 Bridge', '项 Line', '笔 Count', '元 CNY', '分 Fen'),
    ...shown.flatMap(({ provider, kind, statementTotal, bookTotal, lines, residual }) => [
      amountRow(named(names, provider, kind, 'statement'), null, statementTotal),
      ...lines.map((line) => amountRow(named(names, provider, kind, line.name), line.count, line.amount)),
      amountRow(named(names, provider, kind, 'book'), null, bookTotal),
      amountRow(named(names, provider, kind, 'residual'), null, residual),
    ]),
  ];
  const classes: Row[] = [
    heads('机构 Provider', '差错 Class', '笔 Count', '元 CNY', '分 Fen'),
    ...runs.flatMap((run) =>
      run.counts.map((line) =>
        amountRow([names.provider(run.provider), names.word('class', line.class)], line.count, line.amount),
      ),
    ),
  ];
  return writeExcelFile([
    { data: bridges, sheet: '桥 Bridge', columns: [20, 16, 34, 10, 18, 18].map((width) => ({ width })) },
    { data: classes, sheet: '分类 Classes', columns: [20, 34, 10, 18, 18].map((width) => ({ width })) },
  ]).toBuffer();
}

const named = (names: Names, provider: string, kind: string, line: string): SheetCell[] => [
  ...[names.provider(provider), names.word('bridge', kind), names.line(line)],
];
const shown = (cell: SheetCell): string => (isNamed(cell) ? nameOf(cell) : 'text' in cell ? cell.text : '');

const heads = (...names: string[]): Row => names.map((value) => ({ value, type: String, fontWeight: 'bold' as const }));

/** Yuan are text, exact to the fen; the fen beside them are whole numbers to calculate with. */
function amountRow(names: readonly SheetCell[], count: number | null, digits: string): Row {
  const amount = fromDigits(digits);
  const cells: Cell[] = names.map((cell) => ({ value: disarm(shown(cell)), type: String }));
  return [
    ...cells,
    count === null ? null : { value: count, type: Number },
    { value: formatMajor(amount), type: String, align: 'right' },
    { value: toJson(amount), type: Number, format: '0' },
  ];
}
