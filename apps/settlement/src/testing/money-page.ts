import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** docs/MONEY.md: its tables are examples that tests read, so that page and code cannot drift apart. */
export const MONEY_PAGE = readFileSync(join(__dirname, '../../../../docs/MONEY.md'), 'utf8');

export interface PageTable {
  /** The last heading above it, without its marks. */
  heading: string;
  /** Of the line `<!-- example: name -->` before it; empty when it is known by its heading. */
  name: string;
  rows: string[][];
}

/** Every table of the page, in its order. */
export function pageTables(page = MONEY_PAGE): PageTable[] {
  const tables: PageTable[] = [];
  let [heading, name] = ['', ''];
  let open: string[][] | null = null;
  for (const line of page.split('\n')) {
    if (line.startsWith('|')) {
      if (!open) tables.push({ heading, name, rows: (open = []) });
      open.push(cellsOf(line));
      continue;
    }
    if (open) name = '';
    open = null;
    heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading;
    name = /^<!-- example: ([^,]*?)(?:,.*)? -->$/.exec(line)?.[1] ?? name;
  }
  // The first two lines of a table are its heads and a rule.
  return tables.map((table) => ({ ...table, rows: table.rows.slice(2) }));
}

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** Rows of the one table under a name, or under a heading. @throws when there is none, or more than one */
export function example(name: string): string[][] {
  const found = pageTables().filter((table) => table.name === name || (table.name === '' && table.heading === name));
  const [table, ...more] = found;
  if (!table || more.length > 0 || table.rows.length === 0) throw new Error(`docs/MONEY.md has not one table ${name}`);
  return table.rows;
}

/** `a 1, b -2` → pairs; an empty cell has none. */
export const pairs = (cell: string): [string, bigint][] =>
  cell === ''
    ? []
    : cell.split(', ').map((pair) => {
        const [name = '', amount = ''] = pair.split(' ');
        return [name, BigInt(amount)];
      });

/** Rates and where they begin, as a sentence has them: `3,800 ppm from 0, 3,000 from 100,000`. */
export function tiersIn(sentence: RegExp): { from: bigint; ppm: bigint }[] {
  const text = sentence.exec(MONEY_PAGE)?.[0] ?? '';
  const whole = (digits = '') => BigInt(digits.replaceAll(',', ''));
  return [...text.matchAll(/(\d{1,3}(?:,\d{3})*)(?: ppm)? from (\d{1,3}(?:,\d{3})*)/g)].map(([, ppm, from]) => ({
    from: whole(from),
    ppm: whole(ppm),
  }));
}
