import { FACT_LINE, type FactLineColumn } from '@yidian/contracts';
import type { BookService } from './fact';

/** Rows of one INSERT. */
const ROWS = 1_000;

const INTO = `INSERT INTO book_fact (service, ${FACT_LINE.join(', ')}) VALUES `;

/** A text of the source that is no list of facts. */
export class UnreadableFacts extends Error {
  override readonly name = 'UnreadableFacts';
}

const TEXT = '[^\\t\\n\\\\]*(?:\\\\[tn\\\\][^\\t\\n\\\\]*)*';
const DATE = '\\d{4}-\\d\\d-\\d\\d';
const SHAPES: Readonly<Partial<Record<FactLineColumn, string>>> = {
  lane_id: '\\d{1,10}',
  seq: '\\d{1,19}',
  book_date: DATE,
  business_date: `(?:${DATE}|\\\\N)`,
  amount: '-?\\d{1,19}',
  occurred_at: `${DATE} \\d\\d:\\d\\d:\\d\\d\\.\\d{3}`,
};
const LINE = FACT_LINE.map((name) => SHAPES[name] ?? TEXT).join('\\t');

/**
 * The facts of a segment as INSERT statements, rendered from the text without taking its lines apart. Each line is checked
 * against the shape of its columns first: the lines' escapes are then SQL's own, so that a quote and a NUL are all that is left
 * to write differently, and nothing in a column can end its literal.
 */
export function* insertsOf(service: BookService, text: string): Generator<{ sql: string; rows: number }> {
  const line = new RegExp(`${LINE}\\n`, 'y');
  for (let at = 0; at < text.length; at = line.lastIndex) {
    line.lastIndex = at;
    let rows = 0;
    for (let end = at; rows < ROWS && end < text.length; end = line.lastIndex, rows++)
      if (!line.test(text)) throw new UnreadableFacts(`no fact: ${text.slice(end, end + 300)}`);
    yield { sql: INTO + tuples(service, text.slice(at, line.lastIndex - 1)), rows };
  }
}

function tuples(service: BookService, lines: string): string {
  const values = lines
    .replaceAll("'", "''")
    .replaceAll('\0', '\\0')
    .replaceAll('\t', "','")
    .replaceAll('\n', `'),('${service}','`);
  return `('${service}','${values}')`.replaceAll(`'\\N'`, 'NULL');
}
