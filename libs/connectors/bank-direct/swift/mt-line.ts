import { decimalsOf, fromDecimal } from '@yidian/money';

/** Field 61 in our words; dates as YYYY-MM-DD. */
export interface MtEntry {
  valueDate: string;
  /** The booking's day; the value date's where the field has none. */
  entryDate: string;
  /** + came in, − went out. */
  amount: bigint;
  /** `RC`, `RD`: an earlier credit or debit is undone. */
  reversal: boolean;
  /** `EC`, `ED` of MT942: expected, not booked. */
  expected: boolean;
  /** Such as `NTRF`, `S103`; '' where there is none. */
  type: string;
  /** Of the account's owner; `NONREF` is ''. */
  ownReference: string;
  /** Of the bank, after `//`. */
  bankReference: string;
  /** Lines after the first. */
  supplement: string;
}

/** A field that does not follow its own rules. The message is for findings. */
export class MtUnreadable extends Error {
  override readonly name = 'MtUnreadable';
}

/** value date, entry date (some banks leave blanks in its place), mark, third letter of the currency, amount, then type and references. */
const FIELD = /^(\d{6})(\d{4})?\s{0,4}(R[CD]|E[CD]|[CD])([A-Z])?\s?(\d[\d.,]*|,\d+)(.*)$/;
const TYPE = /^([NFS][A-Z0-9]{3}|[NFS][A-Z0-9]{2}(?=\s))(.*)$/;

/** @throws MtUnreadable, MoneyError */
export function parseMtLine(lines: readonly string[], currency: string): MtEntry {
  const [first = '', ...more] = lines;
  const match = FIELD.exec(first.trim());
  if (!match) throw new MtUnreadable('statement line');
  const [, value = '', entry, mark = '', , amount = '', rest = ''] = match;
  const sum = fromDecimal(decimalOf(amount), decimalsOf(currency));
  const credit = mark === 'C' || mark === 'RD' || mark === 'EC';
  const typed = TYPE.exec(rest);
  const [own = '', ...bank] = (typed?.[2] ?? rest).split('//');
  const entryDate = entry === undefined ? '' : nearest(value, entry);
  return {
    valueDate: dateOf(value) || entryDate || lastOfMonth(value),
    entryDate: entryDate || dateOf(value) || lastOfMonth(value),
    amount: credit ? sum : -sum,
    reversal: mark.startsWith('R'),
    expected: mark.startsWith('E'),
    type: (typed?.[1] ?? '').trim(),
    ownReference: own.trim(),
    bankReference: bank.join('//').trim(),
    supplement: more.join('\n').trim(),
  };
}

/** SWIFT writes `1234,5`, `1234,`; some banks a point, or points between thousands. At most one decimal mark. */
function decimalOf(text: string): string {
  if (/^\d{1,3}(\.\d{3})+,\d*$/.test(text)) return text.replaceAll('.', '').replace(',', '.');
  if (/^\d*,\d*$|^\d+(\.\d{1,5})?$/.test(text)) return text.replace(',', '.');
  throw new MtUnreadable('amount');
}

/** yyMMdd → YYYY-MM-DD; '' for a day that does not exist (banks that reckon with 30 days a month write 30 February). */
export function dateOf(text: string): string {
  const match = /^(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (!match) return '';
  const [, year = '', month, day] = match;
  const written = `${Number.parseInt(year, 10) < 80 ? '20' : '19'}${year}-${month}-${day}`;
  const at = new Date(`${written}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(written) ? written : '';
}

function lastOfMonth(text: string): string {
  for (const day of ['30', '29', '28']) {
    const date = dateOf(text.slice(0, 4) + day);
    if (date !== '' && text.slice(4) <= '31') return date;
  }
  throw new MtUnreadable('value date');
}

/** MMdd in the year that brings it nearest to the value date: bookings cross New Year. '' when there is no such day. */
function nearest(value: string, entry: string): string {
  const at = Date.parse(dateOf(value) || lastOfMonth(value));
  const year = Number.parseInt(value.slice(0, 2), 10);
  const candidates = [year - 1, year, year + 1]
    .map((one) => dateOf(String((one + 100) % 100).padStart(2, '0') + entry))
    .filter((date) => date !== '')
    .sort((one, other) => Math.abs(Date.parse(one) - at) - Math.abs(Date.parse(other) - at));
  return candidates[0] ?? '';
}

export interface MtBalance {
  amount: bigint;
  currency: string;
  /** YYYY-MM-DD. */
  date: string;
}

/** Fields 60 and 62: mark, date, currency, amount. @throws MtUnreadable, MoneyError */
export function parseMtBalance(text: string): MtBalance {
  const match = /^([CD])(\d{6})([A-Z]{3})\s?([\d.,]+)$/.exec(text.trim());
  if (!match) throw new MtUnreadable('balance');
  const [, mark, date = '', currency = '', amount = ''] = match;
  const sum = fromDecimal(decimalOf(amount), decimalsOf(currency));
  return { amount: mark === 'C' ? sum : -sum, currency, date: dateOf(date) };
}

/** Fields 90C and 90D: number of entries, currency, sum. */
export function parseMtSum(text: string): { entries: number; sum: bigint; currency: string } {
  const match = /^(\d{1,5})([A-Z]{3})\s?([\d.,]+)$/.exec(text.trim());
  if (!match) throw new MtUnreadable('sum of entries');
  const [, entries = '', currency = '', amount = ''] = match;
  const sum = fromDecimal(decimalOf(amount), decimalsOf(currency));
  return { entries: Number.parseInt(entries, 10), sum, currency };
}
