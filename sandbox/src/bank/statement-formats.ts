import { fromDigits, toDecimal } from '@yidian/money';
import {
  balanceText,
  camt053Text,
  entryText,
  statementText,
  transaction,
} from '@yidian/connectors/iso20022/played-camt';

/** Names under which the development bank also shows a date's statement. */
export type FileKind = 'yd1' | 'camt053' | 'mt940';

interface Detail {
  kind: string;
  ourNo: string;
  txnId: string;
  /** Signed fen. */
  amount: bigint;
  fee: bigint;
}

/**
 * The same day as a bank with another house format would send it, made from the YD1 text so that chosen differences are in
 * all of them. A fee is taken out of its booking in camt.053 and booked by itself in MT940, which cannot say it otherwise.
 */
export function inFormat(yd1: string, kind: FileKind): string {
  if (kind === 'yd1') return yd1;
  const lines = yd1.split('\n');
  const date = lines[0]?.split('|')[3] ?? '';
  const details = lines.filter((line) => line.startsWith('D|')).map(detailOf);
  return kind === 'camt053' ? camt(details, date) : mt(details, date);
}

function detailOf(line: string): Detail {
  const [, , kind = '', ourNo = '', txnId = '', , amount = '', fee = ''] = line.split('|');
  return { kind, ourNo, txnId, amount: fromDigits(amount), fee: fromDigits(fee) };
}

const booked = (details: readonly Detail[]): bigint => details.reduce((sum, { amount, fee }) => sum + amount - fee, 0n);
const abs = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
const side = (amount: bigint): 'CRDT' | 'DBIT' => (amount < 0n ? 'DBIT' : 'CRDT');

function camt(details: readonly Detail[], date: string): string {
  const closing = booked(details);
  const entries = details.map(({ ourNo, txnId, amount, fee }) =>
    entryText({
      amount: toDecimal(abs(amount - fee), 2),
      indicator: side(amount - fee),
      reference: txnId,
      members: fee === 0n ? '' : included(fee),
      details: transaction(ourNo),
    }),
  );
  const balances = balanceText('OPBD', '0.00') + balanceText('CLBD', toDecimal(abs(closing), 2), side(closing));
  return camt053Text(statementText(balances + entries.join(''))).replaceAll('2026-11-22', date);
}

const included = (fee: bigint): string =>
  `<Chrgs><Rcrd><Amt Ccy="CNY">${toDecimal(abs(fee), 2)}</Amt><CdtDbtInd>${fee < 0n ? 'CRDT' : 'DBIT'}</CdtDbtInd>` +
  '<ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>';

function mt(details: readonly Detail[], date: string): string {
  const day = date.replaceAll('-', '').slice(2);
  const comma = (amount: bigint) => toDecimal(abs(amount), 2).replace('.', ',');
  const mark = (amount: bigint) => (amount < 0n ? 'D' : 'C');
  const entries = details.flatMap(({ ourNo, txnId, amount, fee }) => [
    `:61:${day}${day.slice(2)}${mark(amount)}${comma(amount)}NTRFNONREF//${txnId}`,
    `:86:/EREF/${ourNo}/`,
    ...(fee === 0n ? [] : [`:61:${day}${day.slice(2)}${mark(-fee)}${comma(fee)}NCHGNONREF//${txnId}`, ':86:FEE']),
  ]);
  const closing = booked(details);
  return [
    `:20:${day}`,
    ':25:6228480000000000',
    ':28C:1/1',
    `:60F:C${day}CNY0,00`,
    ...entries,
    `:62F:${mark(closing)}${day}CNY${comma(closing)}`,
    '-',
    '',
  ].join('\r\n');
}
