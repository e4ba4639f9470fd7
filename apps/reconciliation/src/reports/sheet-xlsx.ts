import { formatMajor, toJson } from '@yidian/money';
import writeExcelFile, { type Cell, type Row } from 'write-excel-file/node';
import { disarm, isAmount, isNamed, nameOf, type Sheet, type SheetCell } from './sheet';

/** One workbook, a sheet per table. Yuan are text, exact to the fen; the fen beside them are whole numbers to reckon with. */
export function workbook(sheets: readonly Sheet[]): Promise<Buffer> {
  return writeExcelFile(
    sheets.map((sheet) => {
      const isMoney = sheet.columns.map((_, place) => sheet.rows.some((row) => row[place] && isAmount(row[place])));
      return {
        data: [headsOf(sheet, isMoney), ...sheet.rows.map((row): Row => row.flatMap(cellsOf))],
        sheet: `${sheet.zh} ${sheet.en}`,
        columns: sheet.columns.flatMap(({ width = 14 }, place) =>
          isMoney[place] ? [{ width }, { width }] : [{ width }],
        ),
        stickyRowsCount: 1,
      };
    }),
  ).toBuffer();
}

function headsOf({ columns }: Sheet, isMoney: readonly boolean[]): Row {
  return columns.flatMap((column, place): Cell[] => {
    const { zh, en } = column;
    const names = isMoney[place] ? [`${zh} 元 ${en} CNY`, `${zh} 分 ${en} fen`] : [nameOf(column)];
    return names.map((value) => ({ value, type: String, fontWeight: 'bold' as const }));
  });
}

function cellsOf(cell: SheetCell): Cell[] {
  if (isAmount(cell)) {
    if (cell.fen === null) return [null, null];
    return [
      { value: formatMajor(cell.fen), type: String, align: 'right' },
      { value: toJson(cell.fen), type: Number, format: '0' },
    ];
  }
  if ('count' in cell) return [{ value: cell.count, type: Number }];
  if ('figure' in cell) return [{ value: cell.figure, type: String, align: 'right' }];
  if (isNamed(cell)) return [{ value: disarm(nameOf(cell)), type: String }];
  return [{ value: disarm('id' in cell ? cell.id : cell.text), type: String }];
}
