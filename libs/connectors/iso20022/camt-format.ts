import type { StatementFormat } from '../contract/statement';
import { CamtReader } from './camt-reader';

/** Account statement, intraday report, debit/credit notification. */
export type CamtName = 'camt.053' | 'camt.052' | 'camt.054';

const CONTAINERS: Readonly<Record<CamtName, string>> = {
  'camt.053': 'BkToCstmrStmt',
  'camt.052': 'BkToCstmrAcctRpt',
  'camt.054': 'BkToCstmrDbtCdtNtfctn',
};

/**
 * Bank-to-customer messages of ISO 20022, every version from 01 on: elements are found by their names, whatever prefix or
 * namespace they carry. One entry is one line; a batch entry that tells its transactions with their sums is one line each.
 * `amount − fee` is what was booked; only booked entries count in the totals, all others are notices.
 */
function camt(name: CamtName): StatementFormat {
  return {
    name,
    recognises: (head) => new RegExp(`<(?:[\\w.-]+:)?${CONTAINERS[name]}(?:V\\d+)?[\\s>/]`).test(plain(head)),
    read: (source, sink, origin) => new CamtReader(sink, origin, name === 'camt.053').read(source),
  };
}

export const CAMT_FORMATS: readonly StatementFormat[] = [camt('camt.053'), camt('camt.052'), camt('camt.054')];

/** The head of a UTF-16 file has a zero in every letter. */
function plain(head: Buffer): string {
  return head.toString('latin1').replaceAll('\0', '');
}
