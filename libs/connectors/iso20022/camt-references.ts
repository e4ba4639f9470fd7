import { firstReference, ourReference, type OurReference } from './our-reference';
import { nodeAt, nodesAt, textAt, type XmlNode } from './xml-tree';

/** Begins the file number of every payout file of ours; banks repeat it on the booking. */
export const PAYOUT_FILE = 'YDPO';

export interface References {
  ours: OurReference | null;
  ourNumber: string;
  providerTxnId: string;
  payout: boolean;
}

/** @param entry the booking; @param detail the transaction of it, where one is told; @param index its place, from 1, or 0 */
export function referencesOf(entry: XmlNode, detail: XmlNode | undefined, index: number): References {
  const given = givenBy(detail, entry);
  const ours = ourReference([...given, ...textsOf(detail), textAt(entry, 'AddtlNtryInf'), textAt(entry, 'NtryRef')]);
  const bank = banksOwn(entry, detail, index);
  return {
    ours,
    ourNumber: ours?.number ?? firstReference(given),
    providerTxnId: bank,
    payout: given.some((text) => text.startsWith(PAYOUT_FILE)),
  };
}

/** References that whoever gave the order chose, the most exact first. */
function givenBy(detail: XmlNode | undefined, entry: XmlNode): string[] {
  const refs = nodeAt(detail, 'Refs');
  const batch = nodeAt(entry, 'NtryDtls', 'Btch');
  return [
    textAt(refs, 'EndToEndId'),
    textAt(refs, 'InstrId'),
    textAt(refs, 'PmtInfId'),
    textAt(refs, 'MsgId'),
    textAt(batch, 'PmtInfId'),
    textAt(batch, 'MsgId'),
  ];
}

/** Texts in which a number of ours may stand. */
function textsOf(detail: XmlNode | undefined): string[] {
  const remittance = nodeAt(detail, 'RmtInf');
  const free = nodesAt(remittance, 'Ustrd').map(({ text }) => text);
  return [
    ...free,
    free.join(''), // a long reference goes on in the next line of 140 letters
    ...nodesAt(remittance, 'Strd', 'CdtrRefInf', 'Ref').map(({ text }) => text),
    ...nodesAt(remittance, 'Strd', 'RfrdDocInf', 'Nb').map(({ text }) => text),
    ...nodesAt(remittance, 'Strd', 'AddtlRmtInf').map(({ text }) => text),
    ...nodesAt(detail, 'Refs', 'Prtry', 'Ref').map(({ text }) => text),
    textAt(detail, 'Refs', 'TxId'),
    textAt(detail, 'AddtlTxInf'),
  ];
}

/** The bank's own id. Transactions of one booking share its reference and are told apart by their place in it. */
function banksOwn(entry: XmlNode, detail: XmlNode | undefined, index: number): string {
  const refs = nodeAt(detail, 'Refs');
  const booking = firstReference([textAt(entry, 'AcctSvcrRef'), textAt(entry, 'NtryRef')]);
  const transaction = firstReference([textAt(refs, 'AcctSvcrRef'), textAt(refs, 'TxId'), textAt(refs, 'UETR')]);
  if (index === 0) return firstReference([textAt(entry, 'AcctSvcrRef'), transaction, booking]);
  if (transaction !== '' && transaction !== booking) return transaction;
  return booking === '' ? '' : `${booking}/${index}`;
}
