import type { PartyStatementVersion, StatementRow, StatementTotals } from '@yidian/contracts';
import { formatMajor, fromDigits } from '@yidian/money';
import { fileName, MONEY_COLUMNS, type StatementFile } from './party-files';

const STYLE = `
body { font: 12px/1.5 "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; margin: 2em; color: #111 }
h1 { font-size: 18px } table { border-collapse: collapse; width: 100% } thead { display: table-header-group }
th, td { border: 1px solid #999; padding: 3px 6px } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
tr { break-inside: avoid } tfoot td { font-weight: bold } dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 1em }
.sign { margin-top: 4em; display: flex; justify-content: space-between }
@page { size: A4 landscape; margin: 12mm }`;

const STATES: Readonly<Record<PartyStatementVersion['state'], string>> = {
  issued: '待确认 Issued',
  confirmed: '已确认 Confirmed',
  disputed: '有异议 Disputed',
  superseded: '已被取代 Superseded',
};
const CHANNELS: Readonly<Record<string, string>> = {
  ...{ partner_api: '合作方 Partner', sms: '短信 SMS', portal: '网厅 Portal' },
  ...{ hall: '营业厅 Hall', auto: '自动充值 Auto', batch: '托收 Batch' },
};

/** One page to print and sign: no script, nothing from elsewhere, every text escaped. */
export function statementPage(statement: PartyStatementVersion): StatementFile {
  const { party, nameZh, nameEn, period, version, state, windowEnds, digest, totals, rows } = statement;
  const facts: readonly (readonly [string, string])[] = [
    ['对方 Party', `${party} ${nameZh} ${nameEn}`],
    ['期间 Period', `${period} · 版本 Version ${version}`],
    ['状态 State', `${STATES[state]} · 异议截止 Dispute until ${windowEnds}`],
    ['期初 Opening', `${major(totals.opening)} CNY`],
    ['期末 Closing', `${major(totals.closing)} CNY`],
    ['摘要 Digest', digest],
  ];
  const html = `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${escaped(`${party} ${period}`)}</title><style>${STYLE}</style></head>
<body><h1>结算单 Settlement statement</h1>
<dl>${facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>
<table><thead><tr>${['日期 Date', '机构 Provider', '渠道 Channel'].map((name) => `<th>${escaped(name)}</th>`).join('')}<th class="n">笔数 Count</th>${MONEY_COLUMNS.map(([, zh, en]) => `<th class="n">${zh}<br>${en}</th>`).join('')}</tr></thead>
<tbody>${rows.map(line).join('\n')}</tbody>
<tfoot><tr><td colspan="3">合计 Total</td><td class="n">${rows.reduce((n, { count }) => n + count, 0)}</td>${amounts(totals)}</tr></tfoot></table>
<p class="sign"><span>制单 Prepared by ______________</span><span>复核 Checked by ______________</span><span>对方盖章 Party’s seal ______________</span></p>
</body></html>
`;
  return { name: `${fileName(statement)}.html`, contentType: 'text/html; charset=utf-8', content: Buffer.from(html) };
}

/** As people read it: groups of three and a true minus; files keep plain decimals. */
const major = (digits: string): string =>
  formatMajor(fromDigits(digits))
    .replace(/\B(?=(\d{3})+(?!\d)(?=\.))/g, ',')
    .replace('-', '−');
const amounts = (row: StatementRow | StatementTotals): string =>
  MONEY_COLUMNS.map(([key]) => `<td class="n">${major(row[key])}</td>`).join('');
const line = (row: StatementRow): string =>
  `<tr>${[row.date, row.provider, row.reference ? `调整 Adjustment ${row.reference}` : (CHANNELS[row.channel] ?? row.channel)].map((value) => `<td>${escaped(value)}</td>`).join('')}<td class="n">${row.count}</td>${amounts(row)}</tr>`;
const escaped = (value: string): string => value.replaceAll(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
