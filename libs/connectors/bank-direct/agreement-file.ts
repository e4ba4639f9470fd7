import { TextDecoder } from 'node:util';
import { UnreadableFile } from '../contract';
import { rawLines } from '../contract/lines';

/**
 * Every agreement a bank has with us on a date (`YA1`), for comparing both sides' books: UTF-8, `|`-separated.
 *   H|YA1|<provider>|<date>
 *   A|<n>|<our agreement no>|<bank's reference>|active or ended|<last four>|<bank>|<signed on>|<ended on or empty>
 *   T|<agreements>|<of them active>
 */
export const AGREEMENT_FORMAT = 'YA1';

export interface BankAgreement {
  agreementNo: string;
  agreementRef: string;
  state: 'active' | 'ended';
  accountTail: string;
  bankName: string;
  /** YYYY-MM-DD. */
  signedOn: string;
  /** '' while it is active. */
  endedOn: string;
}

export interface AgreementTotals {
  header: { provider: string; date: string } | null;
  declared: { agreements: number; active: number } | null;
  read: { agreements: number; active: number };
  unreadable: number;
  /** Every line was read and the trailer says the same. */
  agrees: boolean;
}

export interface AgreementSink {
  agreement(agreement: BankAgreement, fileLine: number): void | Promise<void>;
  finding(reason: string, fileLine: number, raw: Buffer): void | Promise<void>;
}

export function writeAgreementFile(provider: string, date: string, agreements: readonly BankAgreement[]): string {
  const lines = agreements.map((one, index) =>
    [
      'A',
      index + 1,
      one.agreementNo,
      one.agreementRef,
      one.state,
      one.accountTail,
      one.bankName.replaceAll(/[|\r\n]/g, ' '),
      one.signedOn,
      one.endedOn,
    ].join('|'),
  );
  const active = agreements.filter(({ state }) => state === 'active').length;
  return `${[`H|${AGREEMENT_FORMAT}|${provider}|${date}`, ...lines, `T|${agreements.length}|${active}`].join('\n')}\n`;
}

/** Streams; a line that cannot be read is a finding with its bytes. @throws UnreadableFile when it is no such file */
export async function readAgreementFile(
  source: AsyncIterable<Uint8Array>,
  sink: AgreementSink,
): Promise<AgreementTotals> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const totals = emptyTotals();
  for await (const { line, fileLine } of rawLines(source)) {
    try {
      const text = utf8.decode(line).trimEnd(); // drops a byte order mark
      const agreement = text === '' ? null : lineOf(text.split('|'), totals);
      if (!agreement) continue;
      totals.read.agreements++;
      if (agreement.state === 'active') totals.read.active++;
      await sink.agreement(agreement, fileLine);
    } catch (error) {
      if (!(error instanceof Unreadable) && !(error instanceof TypeError)) throw error;
      totals.unreadable++;
      await sink.finding(error instanceof Unreadable ? error.message : 'not UTF-8', fileLine, Buffer.from(line));
    }
  }
  if (!totals.header && !totals.declared) throw new UnreadableFile('neither a header nor a trailer of YA1');
  const { header, declared, read, unreadable } = totals;
  const same = declared?.agreements === read.agreements && declared.active === read.active;
  return { ...totals, agrees: header !== null && same && unreadable === 0 };
}

function emptyTotals(): AgreementTotals {
  return { header: null, declared: null, read: { agreements: 0, active: 0 }, unreadable: 0, agrees: false };
}

function lineOf(fields: string[], totals: AgreementTotals): BankAgreement | null {
  if (totals.declared) throw new Unreadable('after the trailer');
  if (fields[0] === 'H') {
    const [, format, provider = '', date = ''] = fields;
    if (fields.length !== 4 || format !== AGREEMENT_FORMAT || totals.header) throw new Unreadable('header');
    totals.header = { provider, date };
    return null;
  }
  if (fields[0] === 'T') {
    if (fields.length !== 3) throw new Unreadable('trailer');
    totals.declared = { agreements: counted(fields[1]), active: counted(fields[2]) };
    return null;
  }
  if (!totals.header) throw new Unreadable('before the header');
  return agreementOf(fields);
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NUMBER = /^[\x21-\x7b\x7d\x7e]{1,64}$/;

function agreementOf(fields: string[]): BankAgreement {
  const [kind, n, agreementNo = '', agreementRef = '', state, accountTail = '', bankName = ''] = fields;
  const [signedOn = '', endedOn = ''] = fields.slice(7);
  if (kind !== 'A') throw new Unreadable('unknown record');
  if (fields.length !== 9) throw new Unreadable('number of fields');
  counted(n);
  if (!NUMBER.test(agreementNo)) throw new Unreadable('agreement number');
  if (!NUMBER.test(agreementRef)) throw new Unreadable('reference');
  if (state !== 'active' && state !== 'ended') throw new Unreadable('state');
  if (!/^\d{4}$/.test(accountTail)) throw new Unreadable('last four digits');
  if (!DAY.test(signedOn) || (state === 'ended') !== DAY.test(endedOn)) throw new Unreadable('dates');
  return { agreementNo, agreementRef, state, accountTail, bankName, signedOn, endedOn };
}

function counted(text: string | undefined): number {
  if (!/^\d{1,9}$/.test(text ?? '')) throw new Unreadable('count');
  return Number.parseInt(text ?? '', 10);
}

class Unreadable extends Error {
  override readonly name = 'Unreadable';
}
