/** Header fields of a message. Names in lower case, as Node gives them, are found at once; others are looked for. */
export type Headers = Readonly<Record<string, string | readonly string[] | number | undefined>>;

/** Every line of a field, trimmed, obsolete line folding undone. */
export function fieldLines(headers: Headers, name: string): string[] {
  const value = valueOf(headers, name);
  if (value === undefined) return [];
  const lines: readonly (string | number)[] = Array.isArray(value) ? value : [value as string | number];
  return lines.map(plainLine);
}

/** The lines of a field as one, joined by comma and blank; undefined when the message has no such field. */
export function fieldText(headers: Headers, name: string): string | undefined {
  const found = headers[name];
  if (typeof found === 'string') return plainLine(found); // nothing that objects inherit is a text
  const value = valueOf(headers, name);
  if (typeof value === 'string') return plainLine(value);
  return value === undefined ? undefined : fieldLines(headers, name).join(', ');
}

/** Own members only: a component named `constructor` is not a field. */
function valueOf(headers: Headers, name: string): Headers[string] {
  if (Object.hasOwn(headers, name)) return headers[name];
  for (const other in headers) {
    if (other.length === name.length && Object.hasOwn(headers, other) && other.toLowerCase() === name) {
      return headers[other];
    }
  }
  return undefined;
}

function plainLine(line: string | number): string {
  const text = String(line);
  if (isPlain(text)) return text;
  return (text.includes('\n') ? text.replace(/\s*\r?\n\s+/g, ' ') : text).trim();
}

/** Begins and ends with visible ASCII and has no second line: nothing to trim. */
const isPlain = (text: string): boolean =>
  isVisible(text.charCodeAt(0)) && isVisible(text.charCodeAt(text.length - 1)) && text.indexOf('\n') < 0;
const isVisible = (code: number): boolean => code > 0x20 && code < 0x7f;
