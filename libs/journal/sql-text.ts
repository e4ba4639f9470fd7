/**
 * Values as SQL text, written by hand: the driver's formatter took a third of the writer's time. Lane connections assert a
 * sql_mode in which the backslash escapes; inside single quotes only three characters need it. What the type does not name
 * is refused, never guessed.
 */
/** Text that is SQL already, such as rows that were rendered for the batch hash. */
export class Rendered {
  constructor(readonly sql: string) {}
}

const NEEDS_ESCAPE = /['\\\0]/;
const EVERY_ESCAPE = /['\\\0]/g;
const ESCAPES: Readonly<Record<string, string>> = { "'": "\\'", '\\': '\\\\', '\0': '\\0' };

export function sqlString(text: string): string {
  return NEEDS_ESCAPE.test(text) ? `'${text.replace(EVERY_ESCAPE, (char) => ESCAPES[char] ?? char)}'` : `'${text}'`;
}

/**
 * A string to be stored, never one to be compared: from some length on as hex. The server gives each quoted string a name, its
 * own text converted sign by sign; a hex literal has none, which makes a row with long texts a sixth cheaper to insert.
 */
export function sqlStored(text: string): string {
  return text.length > LONG_TEXT ? `x'${Buffer.from(text).toString('hex')}'` : sqlString(text);
}

const LONG_TEXT = 48;

const KEPT_TIMES = 32;
const times = new Map<number, string>();

/** The rows of a batch share their times: when it happened, when it is due. */
export function sqlTime(date: Date): string {
  const time = date.getTime();
  const known = times.get(time);
  if (known !== undefined) return known;
  const text = `'${date.toISOString().slice(0, 23).replace('T', ' ')}'`;
  if (times.size === KEPT_TIMES) times.clear();
  times.set(time, text);
  return text;
}

export const sqlBytes = (bytes: Buffer): string => `x'${bytes.toString('hex')}'`;

export function sqlValue(value: unknown): string {
  if (typeof value === 'string') return sqlString(value);
  if (typeof value === 'bigint' || Number.isFinite(value)) return String(value);
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value instanceof Date) return sqlTime(value);
  if (Buffer.isBuffer(value)) return sqlBytes(value);
  if (value instanceof Rendered) return value.sql;
  throw new TypeError(`a ${typeof value} is no SQL value`);
}

/** `(a,b,c)` */
export function sqlRow(values: readonly unknown[]): string {
  return `(${sqlList(values)})`;
}

function sqlList(values: readonly unknown[]): string {
  let text = '';
  for (const value of values)
    text += (text === '' ? '' : ',') + (Array.isArray(value) ? sqlRow(value) : sqlValue(value));
  return text;
}

/**
 * `IN (?)` takes an array, `VALUES ?` an array of rows, as with the driver. Every `?` of the statement is a value: texts
 * with a question mark of their own are values, too.
 */
export function sqlText(sql: string, params: readonly unknown[]): string {
  const parts = sql.split('?');
  if (parts.length !== params.length + 1)
    throw new Error(`a statement with ${parts.length - 1} places got ${params.length} values`);
  let text = parts[0] as string;
  params.forEach((value, index) => {
    text += (Array.isArray(value) ? sqlList(value) : sqlValue(value)) + (parts[index + 1] as string);
  });
  return text;
}
