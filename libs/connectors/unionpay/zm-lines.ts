import type { StatementKind, StatementLine } from '../contract/statement';
import { fieldsOfRecord, layoutOf, Unreadable } from './fixed-width';
import { nearestInstant, txnInstant } from './times';

/**
 * The two files of an accounting day: ZM has its orders, ZME what was corrected or disputed afterwards. A line counts only
 * when its three sums agree: amount − fee = what is settled.
 */
export const ZM_LAYOUT = layoutOf([
  3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15, 1, 15, 32, 13, 13,
  8, 32, 13, 13, 12, 2, 1, 32, 98,
]);
export const ZME_LAYOUT = layoutOf([3, 11, 11, 6, 10, 19, 12, 4, 2, 2, 6, 10, 4, 12, 13, 13, 15, 15, 1, 12, 2, 135]);

/** Places in the record, from 0. */
const ZM = {
  code: 0,
  time: 4,
  card: 5,
  amount: 6,
  queryId: 9,
  orderId: 11,
  fee: 15,
  net: 16,
  txnType: 19,
  origQueryId: 26,
  origOrderId: 40,
} as const;
const ZME = { trace: 3, time: 4, card: 5, amount: 6, origTrace: 10, origTime: 11, fee: 14, net: 15 } as const;

export type RecordLine = Omit<StatementLine, 'fileLine' | 'offset' | 'n' | 'raw'>;
export interface ReadRecord {
  line: RecordLine;
  /** Place of the card number in the record: it is not shown in whole. */
  card: number;
}

/** What moves money in which direction, by transaction type. */
const KINDS: Readonly<Record<string, StatementKind>> = {
  '01': 'PAY',
  '03': 'PAY',
  '11': 'PAY',
  '04': 'REFUND',
  '31': 'REVERSAL',
  '33': 'REVERSAL',
};

/** @param day the accounting day, which gives the times their year; null when nobody knows it */
export function zmLine(record: Buffer, day: Date | null): ReadRecord {
  const at = fieldsOfRecord(record, ZM_LAYOUT);
  const kind = KINDS[at(ZM.txnType)] ?? (at(ZM.txnType) === '' && at(ZM.code) === 'S22' ? 'PAY' : undefined);
  if (kind === undefined) throw new Unreadable('a transaction type nobody listed');
  const providerTxnId = id(at(ZM.queryId));
  if (providerTxnId === '') throw new Unreadable('no number of the transaction');
  const amount = fen(at(ZM.amount)) * (kind === 'PAY' ? 1n : -1n);
  const fee = -signed(at(ZM.fee));
  if (amount - fee !== signed(at(ZM.net))) throw new Unreadable('amount less fee is not what is settled');
  const line: RecordLine = {
    kind,
    ourNumber: id(at(ZM.orderId)),
    providerTxnId,
    origTxnId: kind === 'PAY' ? '' : id(at(ZM.origQueryId)) || id(at(ZM.origOrderId)),
    amount,
    fee,
    currency: 'CNY',
    occurredAt: moment(at(ZM.time), day ?? dayOfNumber(providerTxnId)),
    state: 'SUCCESS',
  };
  return { line, card: ZM.card };
}

/**
 * A dispute names no order of ours and no number of the transaction, only trace number and time of the original; what it
 * takes from us is money taken back.
 */
export function zmeLine(record: Buffer, day: Date | null): ReadRecord {
  const at = fieldsOfRecord(record, ZME_LAYOUT);
  const fee = -signed(at(ZME.fee));
  const amount = signed(at(ZME.net)) + fee;
  const printed = fen(at(ZME.amount));
  if (printed === 0n || (amount !== printed && amount !== -printed))
    throw new Unreadable('the sums of a dispute do not agree');
  const line: RecordLine = {
    kind: amount < 0n ? 'RETURN' : 'OTHER',
    ourNumber: '',
    providerTxnId: id(at(ZME.trace) + at(ZME.time)),
    origTxnId: id(at(ZME.origTrace) + at(ZME.origTime)),
    amount,
    fee,
    currency: 'CNY',
    occurredAt: moment(at(ZME.time), day),
    state: 'SUCCESS',
  };
  return { line, card: ZME.card };
}

function fen(text: string): bigint {
  if (!/^\d{1,15}$/.test(text)) throw new Unreadable('an amount');
  return BigInt(text);
}

/** `C…`: to us, `D…`: from us; where there is nothing, nothing moves. */
function signed(text: string): bigint {
  const [, side, digits = ''] = /^([CD]?)(\d{1,15})$/.exec(text) ?? [];
  if (side === undefined) throw new Unreadable('a sum with its side');
  const sum = BigInt(digits);
  if (side === '' && sum !== 0n) throw new Unreadable('a sum without its side');
  return side === 'D' ? -sum : sum;
}

function id(text: string): string {
  if (!/^[\x21-\x7e]{0,64}$/.test(text)) throw new Unreadable('an id');
  return text;
}

function moment(text: string, day: Date | null): Date {
  const at = day && nearestInstant(text, day);
  if (!at) throw new Unreadable('a time');
  return at;
}

/** Numbers of transactions have the time of making inside, `yyMMddHHmmss` from the third digit on. */
const dayOfNumber = (queryId: string): Date | null => txnInstant(`20${queryId.slice(2, 14)}`);
