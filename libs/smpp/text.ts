import { decodeGsm7, gsm7Letters } from './gsm7';

export const CODING = { default: 0, ascii: 1, latin1: 3, ucs2: 8 } as const;

/** A text as it is sent: the letters' octets, kept apart so that no letter is cut in two. */
export interface Coded {
  dataCoding: number;
  letters: readonly (readonly number[])[];
}

/** The default alphabet where it can say everything, else UCS-2 (UTF-16, as phones have it). */
export function encodeText(text: string): Coded {
  const letters = gsm7Letters(text);
  if (letters) return { dataCoding: CODING.default, letters };
  return {
    dataCoding: CODING.ucs2,
    letters: Array.from(text, (letter) => [...Buffer.from(letter, 'utf16le').swap16()]),
  };
}

/** What octets of data_coding 0 are at a centre whose default alphabet is its own affair (§5.2.19). */
export type DefaultAlphabet = 'gsm7' | 'latin1' | 'ascii';

/** Null for what is no text: binary, or an alphabet that is not known here. Classes (flash) and waiting bits mean nothing. */
export function decodeText(dataCoding: number, octets: Buffer, alphabet: DefaultAlphabet = 'gsm7'): string | null {
  switch (alphabetOf(dataCoding)) {
    case 'default':
      return alphabet === 'gsm7' ? decodeGsm7(octets) : octets.toString(alphabet);
    case 'ascii':
      return octets.toString('ascii');
    case 'latin1':
      return octets.toString('latin1');
    case 'ucs2':
      return ucs2(octets);
    case null:
      return null;
  }
}

type Alphabet = keyof typeof CODING;
const BY_BITS: readonly (Alphabet | null)[] = ['default', null, 'ucs2', null];

/** GSM 03.38 §4: two bits name the alphabet in the general groups; waiting messages and classes have groups of their own. */
function alphabetOf(dataCoding: number): Alphabet | null {
  const group = dataCoding >> 4;
  if (dataCoding === CODING.ascii) return 'ascii';
  if (dataCoding === CODING.latin1) return 'latin1';
  if (group === 0 && (dataCoding & 0x3) !== 0) return null; // others of SMPP's own numbers: Cyrillic, JIS, pictograms…
  if (group <= 0x7) return (group & 0x2) === 0 ? (BY_BITS[(dataCoding >> 2) & 0x3] ?? null) : null; // bit 5: compressed
  if (group === 0xc || group === 0xd) return 'default';
  if (group === 0xe) return 'ucs2';
  return group === 0xf && (dataCoding & 0x4) === 0 ? 'default' : null;
}

function ucs2(octets: Buffer): string | null {
  if (octets.length % 2 !== 0) return null;
  return Buffer.from(octets).swap16().toString('utf16le');
}
