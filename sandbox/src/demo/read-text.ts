/** What a text to a payer says about his payment. `again`: surely nothing was done, a new message is welcome. */
export type Said =
  { kind: 'confirm'; code: string } | { kind: 'outcome'; state: string; final: boolean } | { kind: 'again' };

/** Reads a text for the payment of this many yuan; null when it is about something else. */
export function readText(text: string, yuan: number): Said | null {
  const aboutIt = new RegExp(`(?<!\\d)${yuan}(\\.00)?元`).test(text);
  const code = /回复(\d{4})确认/.exec(text)?.[1];
  if (code !== undefined) return aboutIt ? { kind: 'confirm', code } : null;
  if (/现在人多|暂时不通|维护到/.test(text)) return { kind: 'again' };
  if (!aboutIt || text.includes('给您充了')) return null;
  if (/^【[^】]*】已(充|给)/.test(text)) return outcome('completed', true);
  if (/没有扣款|没有充成/.test(text)) return outcome('declined', true);
  if (text.includes('还没答复')) return outcome('unknown', false);
  if (text.includes('正在入账')) return outcome('paid', false);
  if (text.includes('正退回')) return outcome('refunding', false);
  if (text.includes('已退')) return outcome('refunded', true);
  return null;
}

function outcome(state: string, final: boolean): Said {
  return { kind: 'outcome', state, final };
}
