import { nearestDate } from '@yidian/connectors/unionpay/times';
import { packedFile, type WireFields } from '@yidian/connectors/unionpay/wire';
import { zipOf } from '@yidian/connectors/packed/wire-zip';
import { zmeRecord, zmFile, zmName, zmRecord, type ZmRow } from '@yidian/connectors/unionpay/wire-zm';
import { ofPpm } from '@yidian/money';
import type { Damage } from '../bank/damage';
import type { Reply } from '../bank/order-answer';
import type { UnionPayBook, UnionPayOrder } from './unionpay-book';
import { answered } from './unionpay-words';

/** 0.55 % of what is taken; refunds give their part of it back. */
const FEE_PPM = 5_500n;

/** A day's file exists only when the day is over, and only when something happened. */
export function fileAnswer(book: UnionPayBook, merId: string, asked: WireFields): Reply {
  const { settleDate = '' } = asked;
  const date = nearestDate(settleDate, new Date(`${book.date}T12:00:00+08:00`));
  const zip = date !== null && date < book.date ? statementOf(book, merId, date) : null;
  if (date === null || zip === null) return answered(asked, '98', { settleDate });
  const fileName = `${merId}_${date.replaceAll('-', '')}.zip`;
  return answered(asked, '00', { settleDate, fileName, fileContent: packedFile(zip) });
}

/** The zip of one accounting date, or null when nothing happened. The same however often it is asked for. */
export function statementOf(book: UnionPayBook, merId: string, date: string): Buffer | null {
  const rows = damaged(rowsOf(book, date), book.damages.get(date) ?? []);
  const disputes = book.disputes.filter((dispute) => dispute.date === date);
  if (rows.length + disputes.length === 0) return null;
  const taken = disputes.map(({ queryId, origQueryId, amount, at }) => {
    const original = { queryId: origQueryId, at: new Date(book.byQueryId(origQueryId)?.at ?? at) };
    return zmeRecord({ at: new Date(at), queryId, original, amount: BigInt(amount), fee: 0n }, merId);
  });
  return zipOf([
    { name: zmName('ZM', date, merId), content: zmFile(rows.map((row) => zmRecord(row, merId))) },
    { name: zmName('ZME', date, merId), content: zmFile(taken) },
  ]);
}

function rowsOf(book: UnionPayBook, date: string): ZmRow[] {
  const done = [...book.orders.values()].filter((order) => order.date === date && order.state === 'DONE');
  const key = ({ at, queryId }: UnionPayOrder): string => `${at}/${queryId}`;
  return done
    .sort((one, other) => (key(one) < key(other) ? -1 : 1))
    .map((order) => {
      const original = order.origQueryId === '' ? undefined : book.byQueryId(order.origQueryId);
      return rowOf(order, original);
    });
}

function rowOf(order: UnionPayOrder, original: UnionPayOrder | undefined): ZmRow {
  const amount = BigInt(order.amount);
  const fee = ofPpm(amount, FEE_PPM);
  return {
    at: new Date(order.at),
    txnType: order.txnType,
    orderNo: order.no,
    queryId: order.queryId,
    amount,
    fee: original ? -fee : fee,
    bizType: order.bizType,
    ...(original ? { original: { queryId: original.queryId, orderNo: original.no } } : {}),
  };
}

/** Differences that somebody wished for; `txnId` names an order as UnionPay knows it. */
function damaged(rows: ZmRow[], damages: readonly Damage[]): ZmRow[] {
  return damages.reduce<ZmRow[]>((file, damage) => {
    const hit = (row: ZmRow): boolean => row.queryId === damage.txnId;
    switch (damage.how) {
      case 'omit':
        return file.filter((row) => !hit(row));
      case 'repeat':
        return file.flatMap((row) => (hit(row) ? [row, row] : [row]));
      case 'fee':
        return file.map((row) => (hit(row) ? { ...row, fee: row.fee + BigInt(damage.by) } : row));
      case 'amount':
        return file.map((row) => (hit(row) ? { ...row, amount: row.amount + BigInt(damage.by) } : row));
      case 'extra':
        return [...file, extraRow(damage)];
    }
  }, rows);
}

const extraRow = ({ at, ourNo, txnId, amount }: Extract<Damage, { how: 'extra' }>): ZmRow => ({
  at: new Date(at),
  txnType: '01',
  orderNo: ourNo,
  queryId: txnId,
  amount: BigInt(amount),
  fee: 0n,
});
