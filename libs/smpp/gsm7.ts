/**
 * The default alphabet of GSM 03.38 §6.2.1, one character an octet as SMPP carries it (data_coding 0), and its extension
 * table, each character after an escape.
 */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const ESCAPE = 0x1b;
const EXTENDED: Readonly<Record<number, string>> = {
  0x0a: '\f',
  0x14: '^',
  0x28: '{',
  0x29: '}',
  0x2f: '\\',
  0x3c: '[',
  0x3d: '~',
  0x3e: ']',
  0x40: '|',
  0x65: '€',
};

const OCTETS = new Map<string, readonly number[]>([
  ...Array.from(BASIC, (letter, octet) => [letter, [octet]] as const).filter(([letter]) => letter !== '\u001b'),
  ...Object.entries(EXTENDED).map(([octet, letter]) => [letter, [ESCAPE, Number(octet)]] as const),
]);

/** One entry a character (an extended one has two octets); null where a character is not in the alphabet. */
export function gsm7Letters(text: string): (readonly number[])[] | null {
  const letters: (readonly number[])[] = [];
  for (const letter of text) {
    const octets = OCTETS.get(letter);
    if (!octets) return null;
    letters.push(octets);
  }
  return letters;
}

/** An escape before a character without extension shows that character, as the specification asks; octets over 127 are none. */
export function decodeGsm7(octets: Buffer): string {
  let text = '';
  for (let at = 0; at < octets.length; at += 1) {
    let octet = octets[at] ?? 0;
    if (octet === ESCAPE) {
      at += 1;
      if (at >= octets.length) break;
      octet = octets[at] ?? 0;
      const extended = EXTENDED[octet];
      if (extended !== undefined) {
        text += extended;
        continue;
      }
      if (octet === ESCAPE) {
        text += ' ';
        continue;
      }
    }
    text += octet > 127 ? '\ufffd' : (BASIC[octet] ?? '\ufffd');
  }
  return text;
}
