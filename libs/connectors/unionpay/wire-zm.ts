import { encode } from 'iconv-lite';
import { txnTime } from './times';
import { ZM_LAYOUT, ZME_LAYOUT } from './zm-lines';
import type { Layout } from './fixed-width';

/** UnionPay's statement files as it writes them, for playing it in tests and in the sandbox. */
export interface ZmRow {
  at: Date;
  /** `01` consume, `04` refund, `11` collection, `31` reversal. */
  txnType: string;
  orderNo: string;
  queryId: string;
  /** Fen, never negative. */
  amount: bigint;
  /** Fen; positive is charged, negative is given back. */
  fee: bigint;
  /** Of refunds and reversals. */
  original?: { queryId: string; orderNo: string };
  /** As printed, masked. */
  card?: string;
  merReserved?: string;
  bizType?: string;
}

const CODES: Readonly<Record<string, string>> = { '01': 'S22', '11': 'S56', '04': 'S30', '31': 'S30' };
const CARD = '622280*********0000';

export function zmRecord(row: ZmRow, merId: string): Buffer {
  const { txnType, amount, fee, original } = row;
  const net = (txnType === '01' || txnType === '11' ? amount : -amount) - fee;
  const values: Record<number, string> = {
    0: CODES[txnType] ?? 'S00',
    1: '00010000',
    2: '00010000',
    3: traceNo(row.queryId),
    4: txnTime(row.at).slice(4),
    5: row.card ?? CARD,
    6: digits(amount, 12),
    7: '4814',
    8: '07',
    9: row.queryId,
    10: '01',
    11: row.orderNo,
    12: '01',
    13: original ? traceNo(original.queryId) : '000000',
    14: original ? txnTime(row.at).slice(4) : '0000000000',
    15: sided(-fee),
    16: sided(net),
    17: '0001',
    19: txnType,
    20: txnType === '01' ? '01' : '00',
    21: row.bizType ?? '000201',
    26: original?.queryId ?? '',
    27: merId,
    31: digits(amount, 13),
    32: digits(amount, 13),
    33: '01080209',
    34: row.merReserved ?? '',
    40: original?.orderNo ?? '',
  };
  return record(ZM_LAYOUT, values);
}

export interface ZmeRow {
  at: Date;
  queryId: string;
  original: { queryId: string; at: Date };
  /** Fen; negative is taken from the merchant. */
  amount: bigint;
  fee: bigint;
}

export function zmeRecord({ at, queryId, original, amount, fee }: ZmeRow, merId: string): Buffer {
  return record(ZME_LAYOUT, {
    0: 'E32',
    1: '00010000',
    2: '00010000',
    3: traceNo(queryId),
    4: txnTime(at).slice(4),
    5: CARD,
    6: digits(amount < 0n ? -amount : amount, 12),
    7: '4814',
    8: '07',
    9: '01',
    10: traceNo(original.queryId),
    11: txnTime(original.at).slice(4),
    12: '4527',
    13: digits(0n, 12),
    14: sided(-fee),
    15: sided(amount - fee),
    16: merId,
  });
}

export const zmFile = (rows: readonly Buffer[]): Buffer =>
  Buffer.concat(rows.flatMap((row) => [row, Buffer.from('\r\n')]));

export const zmName = (kind: 'ZM' | 'ZME', date: string, merId: string): string =>
  `INN${date.slice(2).replaceAll('-', '')}88${kind}_${merId}`;

export const traceNo = (queryId: string): string => queryId.slice(-6);

function record({ widths, starts, bytes }: Layout, values: Readonly<Record<number, string>>): Buffer {
  const line = Buffer.alloc(bytes, ' ');
  for (const [place, value] of Object.entries(values)) {
    const i = Number(place);
    encode(value, 'gbk').copy(line, starts[i] ?? 0, 0, widths[i] ?? 0);
  }
  return line;
}

const digits = (amount: bigint, width: number): string => amount.toString().padStart(width, '0');
/** `C` is to the merchant. */
const sided = (sum: bigint): string => `${sum < 0n ? 'D' : 'C'}${digits(sum < 0n ? -sum : sum, 12)}`;
