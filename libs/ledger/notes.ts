import type { Notes } from './posting';

/** Notes are stored, and hashed, with the balances of their answer. No account begins with this sign. */
const NOTE = '~';

export function withNotes(balances: Record<string, string>, notes: Notes | undefined): Record<string, string> {
  if (!notes) return balances;
  return { ...balances, ...Object.fromEntries(Object.entries(notes).map(([name, text]) => [NOTE + name, text])) };
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
