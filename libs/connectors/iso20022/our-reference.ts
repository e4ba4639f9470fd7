/**
 * Our numbers begin yyMMdd and the second of the day and have 20 digits; an attempt adds two digits, a refund `Rnn`, a
 * reversal `Vnn`. Banks carry them in the reference we gave, or only within a text.
 */
const OURS = /(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[0-8]\d{13}(?:(?:\d{2}|[RV]\d{2})?(?!\d))/g;

const LAST_SECOND = 86_399;

export type OurKind = 'order' | 'refund' | 'reversal';

export interface OurReference {
  number: string;
  kind: OurKind;
}

/** The first number of ours in these texts, looked at in order. */
export function ourReference(texts: Iterable<string>): OurReference | null {
  for (const text of texts) {
    if (text.length < 20) continue;
    for (const [number] of text.matchAll(OURS)) {
      if (Number.parseInt(number.slice(6, 11), 10) <= LAST_SECOND) return { number, kind: kindOf(number) };
    }
  }
  return null;
}

function kindOf(number: string): OurKind {
  if (number[20] === 'R') return 'refund';
  return number[20] === 'V' ? 'reversal' : 'order';
}

/** What stands in a reference field when there is none. */
const NO_REFERENCE = /^(?:NOTPROVIDED|NOT PROVIDED|NONREF|NONE|N\/A|UNKNOWN)?$/i;

/** The first text that is a reference at all; '' when there is none. */
export function firstReference(texts: Iterable<string>): string {
  for (const text of texts) {
    const trimmed = text.trim();
    if (!NO_REFERENCE.test(trimmed)) return trimmed;
  }
  return '';
}
