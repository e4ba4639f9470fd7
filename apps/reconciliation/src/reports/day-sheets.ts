import { fromDigits } from '@yidian/money';
import type { DayReport, ShownBridge } from './day-report';
import type { Sheet, SheetCell, SheetColumn } from './sheet';

const text = (value: string): SheetCell => ({ text: value });
const count = (value: number): SheetCell => ({ count: value });
const fen = (digits: string): SheetCell => ({ fen: fromDigits(digits) });
const column = (name: string, zh: string, en: string, width = 14): SheetColumn => ({ name, zh, en, width });

const PROVIDER = column('provider', '机构', 'Provider', 20);
const CLASS = column('class', '差错', 'Class', 30);
const AMOUNT = column('amount', '金额', 'Amount', 18);
const COUNT = column('count', '笔数', 'Count', 10);

/** Daily summary, ageing, bridge, quality and Pareto of a date; the list of breaks has its own file. */
export function daySheets(report: DayReport): Sheet[] {
  return [summarySheet, ageingSheet, bridgeSheet, qualitySheet, paretoSheet].map((sheet) => sheet(report));
}

function summarySheet({ figures, names }: DayReport): Sheet {
  return {
    ...{ name: 'summary', zh: '日报', en: 'Summary' },
    columns: [
      ...[PROVIDER, column('date', '日期', 'Date'), column('state', '状态', 'State'), column('lines', '行', 'Lines')],
      ...[column('found', '发现', 'Found'), column('by_rule', '规则已结', 'By rule')],
      ...[column('by_people', '人工已结', 'By people'), column('open', '待办', 'Open')],
      ...[column('suspense', '存疑', 'Suspense'), column('at_stake', '未结金额', 'At stake', 18)],
      column('residual', '未解释', 'Residual', 18),
    ],
    rows: figures.days.map((day) => [
      ...[
        names.provider(day.provider),
        text(day.date),
        names.word('day', day.state),
        count(day.lines),
        count(day.found),
      ],
      ...[count(day.byRule), count(day.byPeople), count(day.open), count(day.suspense), fen(day.atStake)],
      fen(day.residual),
    ]),
  };
}

function ageingSheet({ figures, names }: DayReport): Sheet {
  return {
    ...{ name: 'ageing', zh: '账龄', en: 'Ageing' },
    columns: [
      ...[PROVIDER, CLASS, column('bucket', '账龄(天)', 'Age in days'), COUNT, AMOUNT],
      ...[column('unowned', '无人负责', 'Unowned'), column('overdue', '超期', 'Overdue')],
    ],
    rows: figures.ageing.map((row) => [
      ...[
        names.provider(row.provider),
        names.word('class', row.class),
        text(row.bucket),
        count(row.count),
        fen(row.amount),
      ],
      ...[count(row.unowned), count(row.overdue)],
    ]),
  };
}

function bridgeSheet({ bridges, names }: DayReport): Sheet {
  const rowsOf = ({ provider, kind, statementTotal, bookTotal, lines, residual }: ShownBridge): SheetCell[][] => {
    const of = [names.provider(provider), names.word('bridge', kind)];
    return [
      [...of, names.line('statement'), text(''), fen(statementTotal)],
      ...lines.map((line) => [...of, names.line(line.name), count(line.count), fen(line.amount)]),
      [...of, names.line('book'), text(''), fen(bookTotal)],
      [...of, names.line('residual'), text(''), fen(residual)],
    ];
  };
  return {
    ...{ name: 'bridge', zh: '桥', en: 'Bridge' },
    columns: [PROVIDER, column('bridge', '桥', 'Bridge'), column('line', '项', 'Line', 26), COUNT, AMOUNT],
    rows: bridges.flatMap(rowsOf),
  };
}

function qualitySheet({ figures, names }: DayReport): Sheet {
  return {
    ...{ name: 'quality', zh: '质量', en: 'Quality' },
    columns: [
      ...[column('of', '口径', 'By'), column('key', '对象', 'Of'), column('payments', '笔数', 'Payments')],
      ...[column('defects', '缺陷', 'Defects'), column('dpmo', 'DPMO', 'DPMO')],
      ...[
        column('sigma', 'σ(含 1.5 偏移)', 'Sigma (1.5 shift)', 20),
        column('main_class', '主要差错', 'Main class', 24),
      ],
    ],
    rows: figures.quality.map((row) => [
      ...[names.word('cut', row.of), names.of(row.of, row.key)],
      ...[row.payments === null ? text('') : count(row.payments), count(row.defects)],
      ...[{ figure: row.dpmo ?? '' }, { figure: row.sigma ?? '' }],
      row.mainClass === null ? text('') : names.word('class', row.mainClass),
    ]),
  };
}

function paretoSheet({ figures, names }: DayReport): Sheet {
  return {
    ...{ name: 'pareto', zh: '帕累托', en: 'Pareto' },
    columns: [CLASS, COUNT, AMOUNT, column('cumulative_percent', '累计 %', 'Cumulative %')],
    rows: figures.pareto.map((row) => [
      ...[names.word('class', row.class), count(row.count), fen(row.amount), { figure: percentOf(row.cumulativePpm) }],
    ]),
  };
}

/** 990099 ppm is 99.01: rounded, two places. */
export function percentOf(ppm: number): string {
  const hundredths = Math.round(ppm / 100);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
}
