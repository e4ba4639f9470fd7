import type { Screen } from '../../platform/progress';

export type Cell = string | number;

/** A table for people: the first column to the left, figures to the right, in thousands. */
export function table(screen: Screen, head: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const texts = [head, ...rows].map((row) => row.map(shown));
  const widths = head.map((_, column) => Math.max(...texts.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    row
      .map((text, column) => (column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0)))
      .join('  ');
  screen.say();
  texts.forEach((row, index) => {
    screen.say(` ${line(row)}`);
    if (index === 0) screen.say(` ${widths.map((width) => '─'.repeat(width)).join('──')}`);
  });
  screen.say();
}

const shown = (cell: Cell): string =>
  typeof cell === 'string' ? cell : String(cell).replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ' ');

/** The last line of standard output, for programs. */
export function printJson(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

export const ratio = (ours: number, theirs: number): number => (theirs > 0 ? Math.round((ours / theirs) * 10) / 10 : 0);
