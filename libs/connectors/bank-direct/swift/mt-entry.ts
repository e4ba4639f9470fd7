import type { StatementLine } from '../../contract/statement';
import { kindOf } from '../../iso20022/entry-kind';
import { firstReference, ourReference } from '../../iso20022/our-reference';
import { PAYOUT_FILE } from '../../iso20022/camt-references';
import { parseMtDetails, type MtDetails } from './mt-details';
import type { MtEntry } from './mt-line';

/** Returned direct debits and credit transfers of the German and Austrian lists. */
const RETURNED = new Set(['108', '109', '159', '181', '182', '183', '184', '185', '186']);
const CHARGED = new Set(['805', '806', '807', '808', '814']);

/** One booking in our words. @param details lines of field 86 */
export function mtEntryLine(
  entry: MtEntry,
  details: readonly string[],
  currency: string,
): Omit<StatementLine, 'fileLine' | 'offset' | 'n' | 'raw'> {
  const said = parseMtDetails(details);
  const { parts } = said;
  const given = [parts['EREF'], parts['KREF'], entry.ownReference].filter((text) => text !== undefined);
  const ours = ourReference([...given, said.text, details.join(''), entry.supplement, entry.bankReference]);
  const kind = kindOf({
    amount: entry.amount,
    ours,
    returned: entry.reversal || isReturned(entry, said),
    charge: entry.amount < 0n && (/^[NFS](?:CHG|COM)$/.test(entry.type) || CHARGED.has(said.gvc)),
    payout: given.some((text) => text.startsWith(PAYOUT_FILE)),
  });
  const ourNumber = ours?.number ?? firstReference(given);
  return {
    kind,
    ourNumber,
    providerTxnId: firstReference([entry.bankReference]),
    origTxnId: kind === 'RETURN' ? ourNumber : '',
    amount: entry.amount,
    fee: 0n,
    currency,
    // The field has days only; they begin where the bank is.
    occurredAt: new Date(`${entry.entryDate}T00:00:00+08:00`),
    state: entry.expected ? 'NOTICE' : 'SUCCESS',
  };
}

function isReturned(entry: MtEntry, { gvc, returnCode }: MtDetails): boolean {
  return entry.type === 'NRTI' || RETURNED.has(gvc) || /^\d{3}$|^[A-Z]{2}\d{2}/.test(returnCode.trim());
}
