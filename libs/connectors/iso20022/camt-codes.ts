import { nodeAt, textAt, type XmlNode } from './xml-tree';

/** Sub-families of the external bank transaction codes that undo an earlier booking. */
const RETURNS = new Set(['RRTN', 'UPDD', 'UPCT', 'UPCQ', 'PRDD', 'RPCR', 'PRCT', 'RRCT', 'ARPD', 'RCDD']);
const CHARGES = new Set(['CHRG', 'COMM', 'COME', 'COMI', 'COMT', 'FEES', 'TAXE', 'INTR', 'LBCA', 'OVCH']);

interface Codes {
  subFamily: string;
  /** Such as `NTRF+808+…` or `NCHG`, in the bank's own list. */
  own: string;
}

function codesOf(within: XmlNode | undefined): Codes {
  const code = nodeAt(within, 'BkTxCd');
  return { subFamily: textAt(code, 'Domn', 'Fmly', 'SubFmlyCd'), own: textAt(code, 'Prtry', 'Cd') };
}

/** The bank says that this undoes something: a return reason, the reversal indicator, or its transaction code. */
export function isReturn(entry: XmlNode, detail: XmlNode | undefined): boolean {
  const reversal = textAt(entry, 'RvslInd');
  if (reversal === 'true' || reversal === '1') return true;
  const reason = nodeAt(detail, 'RtrInf');
  if (reason && (reason.children.length > 0 || reason.text !== '')) return true;
  return [detail, entry].some((within) => {
    const { subFamily, own } = codesOf(within);
    return RETURNS.has(subFamily) || /^[NFS](?:RTI|RTN)\b/.test(own);
  });
}

export function isCharge(entry: XmlNode, detail: XmlNode | undefined): boolean {
  return [detail, entry].some((within) => {
    const { subFamily, own } = codesOf(within);
    return CHARGES.has(subFamily) || /^[NFS](?:CHG|COM|INT)\b/.test(own);
  });
}

/** Only what is booked is final; pending, announced and informing entries say that something is under way. */
export function isBooked(entry: XmlNode, usual: boolean): boolean {
  const status = nodeAt(entry, 'Sts');
  const word = textAt(status, 'Cd') || textAt(status, 'Prtry') || (status?.text ?? '');
  return word === '' ? usual : word === 'BOOK';
}
