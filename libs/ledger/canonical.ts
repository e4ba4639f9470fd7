import { hash } from 'node:crypto';

/** Canonical fields of a posting as one text: sorted by name, never the JSON somebody sent. */
export function canonicalText(input: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(input).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

export function canonicalHash(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

export function fieldsOf(text: string): Map<string, string> {
  return new Map(JSON.parse(text) as [string, string][]);
}

/** First field, by name, in which two inputs differ. */
export function firstDifference(stored: string, sent: string): string | undefined {
  const [a, b] = [fieldsOf(stored), fieldsOf(sent)];
  return [...new Set([...a.keys(), ...b.keys()])].sort().find((name) => a.get(name) !== b.get(name));
}
