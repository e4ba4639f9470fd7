/** Field 86 as far as its form can be told. */
export interface MtDetails {
  /** Business transaction code of German and Austrian banks, three digits; '' where the form has none. */
  gvc: string;
  /** By the word the bank uses: `EREF`, `KREF`, `REMI`, `20`… */
  parts: Readonly<Record<string, string>>;
  /** Everything, in one line. */
  text: string;
  /** Set when the bank says why something came back. */
  returnCode: string;
}

/** Words with which SEPA purposes begin within the text, such as `EREF+`; the standard list and what banks add. */
const WORDS = /(?:^|(?<=[^A-Za-z]))(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|RREF|RTRN|SQTP|ORCR|ORMR)\+/g;
const SLASHED =
  /\/(EREF|ORDP|BENM|REMI|MARF|CSID|RTRN|TRTP|PREF|TRCD|PURP|NAME|IBAN|BIC|ISDT|OCMT|CHGS|EXCH|KREF|INSP|ID|NRTX|ACCW|SVWZ|RETURN)\//g;

/** @param lines of the field, decoded and without line ends */
export function parseMtDetails(lines: readonly string[]): MtDetails {
  const joined = lines.join('');
  const sub = subfields(joined);
  const purpose = sub ? purposeOf(sub.fields) : lines;
  const parts = { ...sub?.fields, ...pieces(purpose.join(''), SLASHED), ...pieces(purpose.join('\n'), WORDS) };
  return {
    gvc: sub?.gvc ?? '',
    parts,
    text: purpose.join(sub ? '' : ' ').trim(),
    returnCode: sub?.fields['34'] ?? parts['RTRN'] ?? parts['RETURN'] ?? '',
  };
}

/** `166?00…?20…`: three digits, a mark, then two-digit subfields after the same mark. Null for any other form. */
function subfields(joined: string): { gvc: string; fields: Record<string, string> } | null {
  const match = /^(\d{3})([^\w\s,.:/\-+])(?=\d{2})/.exec(joined);
  const [, gvc = '', mark = ''] = match ?? [];
  if (!match) return null;
  const fields: Record<string, string> = {};
  for (const piece of joined.slice(4).split(mark)) {
    const number = piece.slice(0, 2);
    if (/^\d{2}$/.test(number)) fields[number] = (fields[number] ?? '') + piece.slice(2);
  }
  return { gvc, fields };
}

/** Subfields 20 to 29 and 60 to 63: the purpose, cut by length and not by word. */
function purposeOf(fields: Readonly<Record<string, string>>): string[] {
  const numbers = Object.keys(fields).filter((number) => /^2\d$|^6[0-3]$/.test(number));
  return numbers.sort().map((number) => fields[number] ?? '');
}

/** Cuts a text at its words; what stands before the first one is no piece. */
function pieces(text: string, words: RegExp): Record<string, string> {
  const found = [...text.matchAll(words)];
  return Object.fromEntries(
    found.map((match, index) => {
      const from = match.index + match[0].length;
      const value = text.slice(from, found[index + 1]?.index ?? text.length);
      return [match[1] ?? '', value.replaceAll('\n', '').trim().replace(/\/$/, '')];
    }),
  );
}
