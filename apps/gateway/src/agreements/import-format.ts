import { fromDigits } from '@yidian/money';
import type { Limits } from './new-agreement';

/** One agreement of a branch's old link, as the branch hands it over. */
export interface OldAgreement {
  number: string;
  /** Under which the bank knows it. */
  agreementNo: string;
  accountTail: string;
  bankName: string;
  /** YYYY-MM-DD. */
  signedOn: string;
  limits: Limits;
}

export type ImportLine = { lineNo: number; raw: string } & ({ old: OldAgreement } | { fault: string });

export const IMPORT_HEADER = 'number,agreement_no,account_tail,bank_name,signed_on,limit_payment,limit_day,limit_month';

/**
 * UTF-8, a header, then a line per agreement; limits in fen. A bad line is a finding, the others are taken.
 * @throws Error when it has not this header: another file, or another order of columns
 */
export function readImport(text: string): ImportLine[] {
  const [header = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (header.trim() !== IMPORT_HEADER) throw new Error(`the first line must be ${IMPORT_HEADER}`);
  return lines.flatMap((raw, index) => (raw.trim() === '' ? [] : [lineOf(raw, index + 2)]));
}

function lineOf(raw: string, lineNo: number): ImportLine {
  const fields = raw.split(',').map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
  const [number = '', agreementNo = '', accountTail = '', bankName = '', signedOn = '', ...limits] = fields;
  const fault = (what: string): ImportLine => ({ lineNo, raw, fault: what });
  if (fields.length !== 8) return fault('number of fields');
  if (!/^1\d{10}$/.test(number)) return fault('number');
  if (!/^[\x21-\x7e]{1,64}$/.test(agreementNo)) return fault('agreement_no');
  if (!/^\d{4}$/.test(accountTail)) return fault('account_tail');
  if (bankName.length > 40) return fault('bank_name');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(signedOn) || Number.isNaN(Date.parse(signedOn))) return fault('signed_on');
  if (!limits.every((limit) => /^[1-9]\d{0,14}$/.test(limit))) return fault('limits');
  const [payment = 0n, day = 0n, month = 0n] = limits.map((limit) => fromDigits(limit));
  return {
    lineNo,
    raw,
    old: { number, agreementNo, accountTail, bankName, signedOn, limits: { payment, day, month } },
  };
}
