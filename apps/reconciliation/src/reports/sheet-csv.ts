import { stringify } from 'csv-stringify/sync';
import { formatMajor, toDigits } from '@yidian/money';
import { disarm, isAmount, isNamed, type Sheet, type SheetCell } from './sheet';

/** Excel reads UTF-8 only where a file begins with it. */
const BOM = '\uFEFF';

/**
 * Plain decimals in yuan beside a column in fen; identifiers stay text, and nothing of a cell becomes a formula. Codes stay in
 * their columns; what they are called stands in columns of its own behind all others.
 */
export function sheetCsv({ columns, rows }: Sheet): string {
  const isMoney = columns.map((_, place) => rows.some((row) => row[place] && isAmount(row[place])));
  const places = columns.flatMap((_, place) => (rows.some((row) => row[place] && isNamed(row[place])) ? [place] : []));
  const heads = [
    ...columns.flatMap(({ name }, place) => (isMoney[place] ? [`${name}_yuan`, `${name}_fen`] : [name])),
    ...places.flatMap((place) => [`${columns[place]?.name ?? ''}_zh`, `${columns[place]?.name ?? ''}_en`]),
  ];
  const cells = rows.map((row) => [...row.flatMap(cellOf), ...places.flatMap((place) => wordsOf(row[place]))]);
  return BOM + stringify([heads, ...cells], { record_delimiter: 'windows' });
}

const wordsOf = (cell: SheetCell | undefined): string[] =>
  cell && isNamed(cell) ? [disarm(cell.zh), disarm(cell.en)] : ['', ''];

function cellOf(cell: SheetCell): string[] {
  if (isAmount(cell)) return cell.fen === null ? ['', ''] : [formatMajor(cell.fen), toDigits(cell.fen)];
  if ('count' in cell) return [String(cell.count)];
  if ('figure' in cell) return [disarm(cell.figure)];
  if (isNamed(cell)) return [disarm(cell.code)];
  if ('id' in cell) return [cell.id === '' ? '' : `${disarm(cell.id)}\t`];
  return [disarm(cell.text)];
}
