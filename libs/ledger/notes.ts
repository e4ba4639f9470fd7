import type { Notes } from './posting';

/** Notes are stored, and hashed, with the balances of their answer. No account begins with this sign. */
const NOTE = '~';

/** What notesOf reads back. */
export function storedText(balances: Readonly<Record<string, bigint>>, notes: Notes | undefined): string {
  let text = '';
  for (const id of Object.keys(balances)) text += `,${JSON.stringify(id)}:"${balances[id]}"`;
  for (const name of Object.keys(notes ?? {}))
    text += `,${JSON.stringify(NOTE + name)}:${JSON.stringify(notes?.[name])}`;
  return `{${text.slice(1)}}`;
}

export function notesOf(stored: string): { balances: Record<string, bigint>; notes?: Notes } {
  const entries = Object.entries(JSON.parse(stored) as Record<string, string>);
  const balances = entries.filter(([name]) => !name.startsWith(NOTE)).map(([id, text]) => [id, BigInt(text)] as const);
  const notes = entries.filter(([name]) => name.startsWith(NOTE)).map(([name, text]) => [name.slice(1), text] as const);
  return {
    balances: Object.fromEntries(balances),
    ...(notes.length > 0 ? { notes: Object.fromEntries(notes) } : {}),
  };
}
