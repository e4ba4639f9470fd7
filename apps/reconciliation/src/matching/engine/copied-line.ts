import type { LineKind, StatementLine } from '../../statements/statement';

/** What of a line is in its copy; offset and raw text stand beside it (line-copy.ts). */
export type CopiedLine = Omit<StatementLine, 'offset' | 'raw'>;

const WORDS = { payment: 'PAY', refund: 'REFUND', reversal: 'REVERSAL' } as const;
const KINDS: Readonly<Record<string, LineKind>> = { PAY: 'payment', REFUND: 'refund', REVERSAL: 'reversal' };
const OURS = /^[A-Za-z0-9]{1,32}$/;
const TRANSACTION = /^[\x21-\x7b\x7d\x7e]{1,64}$/;
const ORIGINAL = /^[A-Za-z0-9]*$/;
const CURRENCY = /^[A-Z]{3}$/;
const MOST_LINE = 999_999_999;

/**
 * One line as the engine's copy of a statement has it, in whatever format the file came: as a detail line of YD1, with the
 * line of the file for its number, where that can say all of it; else as JSON, which the fast parser leaves to the classifier.
 */
export function copiedLine(line: StatementLine): string {
  const { kind, ourRef, txnId, origTxnId, amount, fee, currency, at, state } = line;
  const time = Date.parse(at);
  const plain = state === 'success' && !line.returned && line.line <= MOST_LINE && !Number.isNaN(time);
  if (!plain || !OURS.test(ourRef) || !TRANSACTION.test(txnId) || !ORIGINAL.test(origTxnId) || !CURRENCY.test(currency))
    return asJson(line);
  return `D|${line.line}|${WORDS[kind]}|${ourRef}|${txnId}|${origTxnId}|${amount}|${fee}|${currency}|${at}|SUCCESS`;
}

function asJson(line: StatementLine): string {
  const { line: place, kind, returned, ourRef, txnId, origTxnId, amount, fee, currency, at, state } = line;
  const money = { amount: `${amount}`, fee: `${fee}` };
  return JSON.stringify({ line: place, kind, returned, ourRef, txnId, origTxnId, ...money, currency, at, state });
}

/** @throws Error when it is no line of a copy */
export function readCopied(text: string): CopiedLine {
  if (text.startsWith('{')) {
    const { amount, fee, ...line } = JSON.parse(text) as Omit<CopiedLine, 'amount' | 'fee'> &
      Record<'amount' | 'fee', string>;
    return { ...line, amount: BigInt(amount), fee: BigInt(fee) };
  }
  const fields = text.split('|');
  const [record, place = '', word = '', ourRef = '', txnId = '', origTxnId = '', amount = '', fee = ''] = fields;
  const [currency = '', time = ''] = fields.slice(8);
  const kind = KINDS[word];
  if (record !== 'D' || fields.length !== 11 || !kind) throw new Error(`no line of a copy: ${text.slice(0, 200)}`);
  const money = { amount: BigInt(amount), fee: BigInt(fee) };
  const at = new Date(time).toISOString();
  return { line: Number(place), kind, ourRef, txnId, origTxnId, ...money, currency, at, state: 'success' };
}
