import { formatMajor, fromDigits } from '@yidian/money';
import type { Break } from '../breaks/break';
import type { DayReport } from './day-report';
import type { Names } from './names';
import { isNamed, nameOf, type SheetCell } from './sheet';

/** The night on one page of Markdown, Chinese and English heads. */
export function summary(report: DayReport): string {
  return [
    `# ${report.date} 对账日报 Night report`,
    '',
    ...providers(report),
    '',
    ...classes(report),
    '',
    ...report.runs.flatMap((run) => [
      `## ${shown(report.names.provider(run.provider))}`,
      '',
      `对账文件 Statement: \`${plain(run.statement.fileName) || '–'}\` · ${run.statement.lines} 行 lines · SHA-256 \`${run.statement.sha256}\``,
      `运行 Run \`${run.runId}\` · 摘要 digest \`${run.digest}\``,
      '',
      ...table(
        ['桥 Bridge', '项 Line', '笔 Count', '元 CNY'],
        run.bridges.flatMap((bridge) => [
          [kindOf(report.names, bridge), '对方合计 statement', '', yuan(bridge.statementTotal)],
          [kindOf(report.names, bridge), '我方合计 book', '', yuan(bridge.bookTotal)],
          ...bridge.lines.map((line) => [
            ...[
              kindOf(report.names, bridge),
              shown(report.names.line(line.name)),
              String(line.count),
              yuan(line.amount),
            ],
          ]),
          [kindOf(report.names, bridge), '**未解释 residual**', '', yuan(bridge.residual)],
        ]),
      ),
      '',
    ]),
    ...alarms(report),
  ].join('\n');
}

function providers({ status, runs, names }: DayReport): string[] {
  const byProvider = new Map(runs.map((run) => [run.provider, run]));
  return table(
    ['机构 Provider', '状态 State', '行 Lines', '未结差错 Open breaks', '未解释 Residual'],
    status.providers.map((day) => [
      shown(names.provider(day.provider)),
      shown(names.word('day', day.state)),
      String(byProvider.get(day.provider)?.statement.lines ?? 0),
      String(day.openBreaks),
      yuan(day.residual),
    ]),
  );
}

function classes({ breaks, names: called }: DayReport): string[] {
  if (breaks.length === 0) return ['没有差错。 No breaks.'];
  const names = [...new Set(breaks.map((row) => row.class))].sort();
  const count = (rows: readonly Break[], test: (row: Break) => boolean) => String(rows.filter(test).length);
  return table(
    [
      '差错 Class',
      '发现 Found',
      '规则已结 By rule',
      '人工已结 By people',
      '待办 Open',
      '存疑 Suspense',
      '金额 At stake',
    ],
    names.map((name) => {
      const rows = breaks.filter((row) => row.class === name);
      const byRule = (row: Break) => row.state === 'resolved' && (row.resolved_by ?? '').startsWith('rule');
      return [
        shown(called.word('class', name)),
        String(rows.length),
        count(rows, byRule),
        count(rows, (row) => row.state === 'resolved' && !byRule(row)),
        count(rows, (row) => ['open', 'proposed', 'resolving'].includes(row.state)),
        count(rows, (row) => row.state === 'suspense'),
        formatMajor(rows.reduce((sum, row) => sum + row.at_stake, 0n)),
      ];
    }),
  );
}

function alarms({ alarms: rows }: DayReport): string[] {
  if (rows.length === 0) return [];
  return ['## 告警 Alarms', '', ...rows.map((row) => `- ${row.kind} ${row.provider}: ${plain(row.detail)}`), ''];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)];
}

const kindOf = (names: Names, { kind }: { kind: string }): string => shown(names.word('bridge', kind));
const shown = (cell: SheetCell): string => (isNamed(cell) ? nameOf(cell) : 'text' in cell ? plain(cell.text) : '');

const yuan = (digits: string): string => formatMajor(fromDigits(digits));

/** Outside text in Markdown: nothing of it may become a table, a link or code. */
const plain = (text: string): string => text.replace(/[`|<>[\]\r\n]/g, ' ');
