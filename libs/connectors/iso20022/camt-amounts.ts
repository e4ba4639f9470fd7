import { decimalsOf, fromDecimal, MoneyError } from '@yidian/money';
import { nodeAt, nodesAt, textAt, type XmlNode } from './xml-tree';

export interface Amount {
  amount: bigint;
  currency: string;
}

/** @throws MoneyError when it is no amount with a currency */
export function amountIn(node: XmlNode | undefined, usual = ''): Amount {
  const currency = (node?.attributes['Ccy'] ?? usual).toUpperCase();
  if (!node) throw new MoneyError('amount missing');
  if (!/^[A-Z]{3}$/.test(currency)) throw new MoneyError('currency');
  const amount = fromDecimal(node.text, decimalsOf(currency));
  return { amount, currency };
}

/** `CdtDbtInd` → the sign of the account owner: credit comes in. */
export function signed(amount: bigint, indicator: string): bigint {
  if (indicator === 'CRDT') return amount;
  if (indicator === 'DBIT') return -amount;
  throw new MoneyError('credit or debit is not said');
}

/**
 * The sum of one transaction within a batch booking, in the booking's currency: what the transaction says of itself, else
 * what its amount details say. Null when it says none in that currency: it cannot be told from the others then.
 */
export function detailAmount(detail: XmlNode, booking: Amount, indicator: string): bigint | null {
  const places = [
    ['Amt'],
    ['AmtDtls', 'TxAmt', 'Amt'],
    ['AmtDtls', 'CntrValAmt', 'Amt'],
    ['AmtDtls', 'InstdAmt', 'Amt'],
  ];
  for (const place of places) {
    const node = nodeAt(detail, ...place);
    if (!node || (node.attributes['Ccy'] ?? booking.currency) !== booking.currency) continue;
    return signed(amountIn(node, booking.currency).amount, textAt(detail, 'CdtDbtInd') || indicator);
  }
  return null;
}

/**
 * Charges that the bank took out of this very booking (positive: charged to us). Charges that it only mentions, or books by
 * themselves, are no fee of this line: they come as entries of their own.
 */
export function chargesIncluded(within: XmlNode | undefined, currency: string): bigint {
  let sum = 0n;
  for (const charge of [...nodesAt(within, 'Chrgs', 'Rcrd'), ...nodesAt(within, 'Chrgs')]) {
    if (textAt(charge, 'ChrgInclInd') !== 'true' && textAt(charge, 'ChrgInclInd') !== '1') continue;
    const { amount, currency: written } = amountIn(nodeAt(charge, 'Amt'), currency);
    if (written === currency) sum += textAt(charge, 'CdtDbtInd') === 'CRDT' ? -amount : amount;
  }
  return sum;
}
