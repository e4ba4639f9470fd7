/** A table for people, before it is XLSX, CSV or a page: amounts stay minor units until the writer of the file. */
export type SheetCell =
  | { text: string }
  /** A word of ours, by its code: people read the name in their language, programs the code. */
  | { code: string; zh: string; en: string }
  /** An identifier: text, however many digits it has. */
  | { id: string }
  | { count: number }
  /** Minor units; null: there is none. Written as yuan beside fen. */
  | { fen: bigint | null }
  /** A decimal that is no money: a rate, a share. */
  | { figure: string };

export interface SheetColumn {
  /** Of files. */
  name: string;
  zh: string;
  en: string;
  width?: number;
}

export interface Sheet {
  /** Of the CSV file. */
  name: string;
  zh: string;
  en: string;
  columns: readonly SheetColumn[];
  rows: readonly (readonly SheetCell[])[];
}

export type Named = Extract<SheetCell, { code: string }>;
export const isNamed = (cell: SheetCell): cell is Named => 'code' in cell;
/** Both languages, as in the heads. */
export const nameOf = ({ zh, en }: { zh: string; en: string }): string => (zh === en ? zh : `${zh} ${en}`);

export const isAmount = (cell: SheetCell): cell is { fen: bigint | null } => 'fen' in cell;

/** What a spreadsheet would take for a formula becomes text. */
export const disarm = (value: string): string => (/^[=+\-@\t\r]/.test(value) ? `'${value}` : value);
