import { formatMajor } from '@yidian/money';
import type { ParetoRow } from '@yidian/contracts';
import { percentOf } from './day-sheets';
import { isAmount, isNamed, nameOf, type Sheet, type SheetCell } from './sheet';
import { CLASSES } from './words';

/** Looks as the console does, and prints in black on A4 landscape; no script, nothing loaded from elsewhere. */
const STYLE = `
:root { color-scheme: light }
body { font: 13px/20px -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif; color: #1B2430; margin: 24px;
  font-variant-numeric: tabular-nums }
h1 { font-size: 20px } h2 { font-size: 16px; margin: 24px 0 8px; break-after: avoid }
table { border-collapse: collapse; width: 100% } th, td { border-bottom: 1px solid #DDE2E8; padding: 4px 8px; text-align: left }
th { background: #F6F8FA } td { white-space: nowrap } td.w { white-space: normal; min-width: 6em }
td:last-child { white-space: normal; overflow-wrap: anywhere; min-width: 9em }
td.n, th.n { text-align: right; white-space: nowrap } tr { break-inside: avoid }
thead { display: table-header-group } .muted { color: #56606B } svg { max-width: 100%; height: auto }
@page { size: A4 landscape; margin: 12mm } @media print { body { margin: 0; font-size: 10px; line-height: 14px }
  th, td { padding: 3px 4px } }`;

/** Everything of a date on one printable page. All text is escaped: what came from outside stays text. */
export function reportPage(
  title: string,
  notes: readonly string[],
  sheets: readonly Sheet[],
  classes: readonly ParetoRow[],
): string {
  return [
    '<!doctype html>',
    `<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`,
    `<title>${escape(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escape(title)}</h1>`,
    ...notes.map((note) => `<p class="muted">${escape(note)}</p>`),
    ...sheets.flatMap((sheet) => [
      `<h2>${escape(`${sheet.zh} ${sheet.en}`)}</h2>`,
      ...(sheet.name === 'pareto' && classes.length > 0 ? [paretoPicture(classes)] : []),
      tableOf(sheet),
    ]),
    '</body></html>',
    '',
  ].join('\n');
}

function tableOf({ columns, rows }: Sheet): string {
  if (rows.length === 0) return '<p class="muted">没有。 None.</p>';
  const isNumber = columns.map((_, place) => rows.some((row) => row[place] && isFigure(row[place])));
  const kind = (place: number) => (isNumber[place] ? ' class="n"' : '');
  const heads = columns.map((column, place) => `<th scope="col"${kind(place)}>${escape(nameOf(column))}</th>`).join('');
  const body = rows.map(
    (row) =>
      `<tr>${row.map((cell, place) => `<td${isNamed(cell) ? ' class="w"' : kind(place)}>${escape(shown(cell))}</td>`).join('')}</tr>`,
  );
  return `<table><thead><tr>${heads}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`;
}

const isFigure = (cell: SheetCell): boolean => isAmount(cell) || 'count' in cell || 'figure' in cell;

/** On paper as on the screen: groups of three, a true minus, nothing is a dash. */
function shown(cell: SheetCell): string {
  if (isAmount(cell)) return cell.fen === null ? '–' : grouped(formatMajor(cell.fen)).replace('-', '\u2212');
  if ('count' in cell) return grouped(String(cell.count));
  if ('figure' in cell) return cell.figure || '–';
  if (isNamed(cell)) return nameOf(cell);
  return ('id' in cell ? cell.id : cell.text) || '–';
}

const grouped = (decimal: string): string => decimal.replace(/\B(?=(\d{3})+(?!\d)(?:\.|$))/g, ',');

const BAR = { width: 640, height: 18, gap: 6, label: 230 } as const;

/** Bars by number of defects with the cumulative share beside each: the few classes that make most of them. */
function paretoPicture(classes: readonly ParetoRow[]): string {
  const most = classes[0]?.count ?? 1;
  const step = BAR.height + BAR.gap;
  const bars = classes.slice(0, 12).map(({ class: cls, count, cumulativePpm }, place) => {
    const width = Math.max(1, Math.round((count * (BAR.width - BAR.label - 130)) / most));
    const y = place * step;
    return [
      `<text x="0" y="${y + 14}">${escape(CLASSES[cls].join(' '))}</text>`,
      `<rect x="${BAR.label}" y="${y}" width="${width}" height="${BAR.height}" fill="#0072B2"/>`,
      `<text x="${BAR.label + width + 6}" y="${y + 14}">${count} · ${percentOf(cumulativePpm)}%</text>`,
    ].join('');
  });
  const height = bars.length * step;
  return `<svg role="img" aria-label="Pareto" viewBox="0 0 ${BAR.width} ${height}" width="${BAR.width}" font-size="12">${bars.join('')}</svg>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (value: string): string => value.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
