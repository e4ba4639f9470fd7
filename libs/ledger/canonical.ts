import { hash } from 'node:crypto';

/**
 * Canonical fields of a posting as one text: name, value, name, value … sorted by name; never the JSON somebody sent.
 */
export function canonicalText(input: Readonly<Record<string, string>>): string {
  const flat: string[] = [];
  for (const name of inOrder(Object.keys(input))) flat.push(name, input[name] as string);
  return JSON.stringify(flat);
}

/** Who asks a thousand times a second names its fields in order already, and a look is cheaper than a sort. */
function inOrder(names: string[]): string[] {
  for (let at = 1; at < names.length; at++) if ((names[at - 1] as string) > (names[at] as string)) return names.sort();
  return names;
}

export function canonicalHash(text: string): string {
  return hash('sha256', text, 'hex');
}

export function fieldsOf(text: string): Map<string, string> {
  const flat = JSON.parse(text) as string[];
  const fields = new Map<string, string>();
  for (let at = 0; at < flat.length; at += 2) fields.set(flat[at] as string, flat[at + 1] as string);
  return fields;
}

/** First field, by name, in which two inputs differ. */
export function firstDifference(stored: string, sent: string): string | undefined {
  const [a, b] = [fieldsOf(stored), fieldsOf(sent)];
  return [...new Set([...a.keys(), ...b.keys()])].sort().find((name) => a.get(name) !== b.get(name));
}
