import type { AccountBalance, Notes } from './posting';

/** Notes are stored, and hashed, with the balances of their answer. No account begins with this sign. */
const NOTE = '~';

/** What notesOf reads back. */
export function storedText(balances: readonly AccountBalance[], notes: Notes | undefined): string {
  let text = '';
  for (const { account, balance } of balances)
    text += `${text === '' ? '' : ','}${JSON.stringify(account)}:"${balance}"`;
  if (notes)
    for (const [name, note] of Object.entries(notes))
      text += `${text === '' ? '' : ','}${JSON.stringify(NOTE + name)}:${JSON.stringify(note)}`;
  return `{${text}}`;
}

export function notesOf(stored: string): { balances: AccountBalance[]; notes?: Notes } {
  const entries = Object.entries(JSON.parse(stored) as Record<string, string>);
  const balances = entries
    .filter(([name]) => !name.startsWith(NOTE))
    .map(([account, text]) => ({ account, balance: BigInt(text) }));
  const notes = entries.filter(([name]) => name.startsWith(NOTE)).map(([name, text]) => [name.slice(1), text] as const);
  return {
    balances,
    ...(notes.length > 0 ? { notes: Object.fromEntries(notes) } : {}),
  };
}
