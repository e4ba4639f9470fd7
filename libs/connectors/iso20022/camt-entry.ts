import { amountIn, chargesIncluded, detailAmount, signed, type Amount } from './camt-amounts';
import { isBooked, isCharge, isReturn } from './camt-codes';
import { instantIn, instantOf } from './camt-dates';
import { referencesOf } from './camt-references';
import { kindOf } from './entry-kind';
import { nodeAt, textAt, type XmlNode } from './xml-tree';
import type { StatementLine } from '../contract/statement';

/** The entry as far as it is a whole: its own members, and of its details only the batch's. */
export interface EntryHead {
  node: XmlNode;
  booked: Amount;
  /** `booked.amount` with its sign. */
  amount: bigint;
  indicator: string;
  final: boolean;
  occurredAt: Date;
}

export type Content = Omit<StatementLine, 'fileLine' | 'offset' | 'n' | 'raw'>;

/** What an entry takes from its statement where it is silent itself. */
export interface Around {
  currency: string;
  /** A statement is of booked entries; a report and a notification also of others. */
  usuallyBooked: boolean;
  /** The statement's own day or time. */
  fallback: Date | null;
}

/** @throws MoneyError, EntryUnreadable */
export function headOf(node: XmlNode, around: Around): EntryHead {
  const booked = amountIn(nodeAt(node, 'Amt'), around.currency);
  const indicator = textAt(node, 'CdtDbtInd');
  const occurredAt = instantIn(nodeAt(node, 'BookgDt')) ?? instantIn(nodeAt(node, 'ValDt')) ?? around.fallback;
  if (!occurredAt) throw new EntryUnreadable('no date');
  return {
    node,
    booked,
    amount: signed(booked.amount, indicator),
    indicator,
    final: isBooked(node, around.usuallyBooked),
    occurredAt,
  };
}

/** An entry that is one booking of one transaction, or says nothing of its transactions. */
export function wholeEntry(head: EntryHead, detail: XmlNode | undefined): Content {
  const { currency } = head.booked;
  const included = chargesIncluded(head.node, currency) || chargesIncluded(detail, currency);
  return content(head, detail, 0, head.amount, included);
}

/** One of several transactions; null when its own sum is not said in the entry's currency. @throws MoneyError */
export function partOfEntry(head: EntryHead, detail: XmlNode, index: number): Content | null {
  const amount = detailAmount(detail, head.booked, head.indicator);
  return amount === null ? null : content(head, detail, index, amount, 0n);
}

function content(head: EntryHead, detail: XmlNode | undefined, index: number, amount: bigint, fee: bigint): Content {
  const { node } = head;
  const references = referencesOf(node, detail, index);
  const returned = isReturn(node, detail);
  const kind = kindOf({ ...references, amount, returned, charge: isCharge(node, detail) });
  return {
    kind,
    ourNumber: references.ourNumber,
    providerTxnId: references.providerTxnId,
    // A return is told under the reference of what it undoes.
    origTxnId: kind === 'RETURN' ? references.ourNumber : '',
    amount: amount + fee, // gross: the booking has the included charge taken out
    fee,
    currency: head.booked.currency,
    occurredAt: when(detail) ?? head.occurredAt,
    state: head.final ? 'SUCCESS' : 'NOTICE',
  };
}

/** The transaction's own time, where the bank tells one. */
function when(detail: XmlNode | undefined): Date | null {
  const dates = nodeAt(detail, 'RltdDts');
  return instantOf(textAt(dates, 'TxDtTm')) ?? instantOf(textAt(dates, 'AccptncDtTm'));
}

export class EntryUnreadable extends Error {
  override readonly name = 'EntryUnreadable';
}
