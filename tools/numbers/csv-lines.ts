/** A line of a comma-separated file: its number as an editor shows it, and its fields by the names of the first line. */
export interface CsvLine {
  line: number;
  fields: Readonly<Record<string, string>>;
}

/**
 * UTF-8, commas, the first line names the columns; fields may stand in double quotes; empty lines and lines that begin with
 * `#` say nothing. None of the files of this tool has a line break inside a field.
 * @throws Error when a column that is needed is missing
 */
export function csvLines(text: string, needed: readonly string[]): CsvLine[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const start = lines.findIndex((line) => !isSilent(line));
  const names = fieldsOf(lines[start] ?? '').map((name) => name.toLowerCase());
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new Error(`the first line must name the columns ${needed.join(', ')}`);
  return lines.flatMap((line, index) => {
    if (index <= start || isSilent(line)) return [];
    const values = fieldsOf(line);
    return [{ line: index + 1, fields: Object.fromEntries(names.map((name, at) => [name, values[at] ?? ''])) }];
  });
}

const isSilent = (line: string): boolean => line.trim() === '' || line.startsWith('#');

function fieldsOf(line: string): string[] {
  const fields = line.match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^,]*)/g) ?? [];
  return fields.map((field) =>
    field
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .replaceAll('""', '"'),
  );
}
