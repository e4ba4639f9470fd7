import { rawLines } from '@yidian/connectors/contract/lines';
import type { CreditFileKind } from '@yidian/contracts';
import { fromDigits, MoneyError } from '@yidian/money';
import { TextDecoder } from 'node:util';

/**
 * Reads a province's credit file (`YC1`): what it did to its subscribers' balances for us on one of its dates. UTF-8, LF,
 * `|`-separated, amounts in signed fen.
 *   H|YC1|<branch>|<date>|CNY
 *   D|<n>|CREDIT|<our reference>|<their id>|<amount>|<RFC 3339 time>|DONE      REVERSAL: negative · CANCEL: positive
 *   T|<detail lines>|<sum>
 * A line that cannot be read is a finding with its bytes; the rest of the file goes on, and the totals still have to agree.
 */
export interface CreditLine {
  fileLine: number;
  /** Of the line's first byte, and of the byte after its end. */
  offset: number;
  next: number;
  kind: CreditFileKind;
  reference: string;
  theirId: string;
  /** Minor units, signed. */
  amount: bigint;
  at: Date;
}
export interface CreditFinding {
  fileLine: number;
  reason: string;
  raw: Buffer;
}
export interface CreditTotals {
  lines: number;
  amount: bigint;
  /** Header and trailer were there, of this branch and date, every line was read, and count and sum are the trailer's. */
  agrees: boolean;
}

const MAX_LINE = 4_096;
const KINDS: Readonly<Record<string, { kind: CreditFileKind; sign: 1n | -1n }>> = {
  CREDIT: { kind: 'CREDIT', sign: 1n },
  REVERSAL: { kind: 'REVERSAL', sign: -1n },
  CANCEL: { kind: 'CANCEL', sign: 1n },
};

class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

export interface CreditSink {
  line(line: CreditLine): void | Promise<void>;
  finding(finding: CreditFinding): void;
}

/** @param expected what header must say */
export async function readCreditFile(
  bytes: Buffer,
  expected: { branch: string; date: string },
  sink: CreditSink,
): Promise<CreditTotals> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const state = {
    header: false,
    trailer: null as { lines: number; amount: bigint } | null,
    lines: 0,
    amount: 0n,
    bad: 0,
  };
  for await (const { line, fileLine, offset } of rawLines(once(bytes))) {
    if (line.length === 0) continue;
    try {
      if (line.length > MAX_LINE) throw new Unreadable('line too long');
      if (state.trailer) throw new Unreadable('after the trailer');
      const fields = textOf(utf8, line).split('|');
      if (fields[0] === 'H') state.header = header(fields, fileLine, expected);
      else if (fields[0] === 'T') state.trailer = trailer(fields);
      else {
        if (!state.header) throw new Unreadable('before the header');
        const detail = { ...detailOf(fields), fileLine, offset, next: offset + line.length + 1 };
        state.lines += 1;
        state.amount += detail.amount;
        await sink.line(detail);
      }
    } catch (error) {
      if (!(error instanceof Unreadable) && !(error instanceof MoneyError)) throw error;
      state.bad += 1;
      sink.finding({ fileLine, reason: error.message.slice(0, 80), raw: Buffer.from(line.subarray(0, MAX_LINE)) });
    }
  }
  const { lines, amount, trailer: declared } = state;
  const agrees = state.header && state.bad === 0 && declared?.lines === lines && declared.amount === amount;
  return { lines, amount, agrees };
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function textOf(utf8: TextDecoder, line: Buffer): string {
  try {
    return utf8.decode(line);
  } catch {
    throw new Unreadable('not UTF-8');
  }
}

function header(fields: string[], fileLine: number, expected: { branch: string; date: string }): boolean {
  const [, format, branch, date, currency] = fields;
  if (fields.length !== 5 || format !== 'YC1' || fileLine !== 1 || currency !== 'CNY') throw new Unreadable('header');
  if (branch !== expected.branch || date !== expected.date) throw new Unreadable('header of another branch or date');
  return true;
}

function trailer(fields: string[]): { lines: number; amount: bigint } {
  const [, count = '', amount = ''] = fields;
  if (fields.length !== 3) throw new Unreadable('trailer');
  return { lines: counted(count), amount: fromDigits(amount) };
}

function detailOf(fields: string[]): Pick<CreditLine, 'kind' | 'reference' | 'theirId' | 'amount' | 'at'> {
  const [record, n = '', kind = '', reference = '', theirId = '', amount = '', time = '', state] = fields;
  if (record !== 'D') throw new Unreadable('unknown record');
  if (fields.length !== 8) throw new Unreadable('number of fields');
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!known) throw new Unreadable('kind');
  counted(n);
  if (!/^[\x21-\x7b\x7d\x7e]{1,40}$/.test(reference)) throw new Unreadable('our reference');
  if (!/^[\x21-\x7b\x7d\x7e]{1,64}$/.test(theirId)) throw new Unreadable('their id');
  if (state !== 'DONE') throw new Unreadable('state');
  const sum: bigint = fromDigits(amount);
  if (sum * known.sign <= 0n) throw new Unreadable('sign of the amount');
  return { kind: known.kind, reference, theirId, amount: sum, at: instant(time) };
}

/** With a zone; a local time would be guessed. */
function instant(text: string): Date {
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.test(text) ? new Date(text) : null;
  if (!at || Number.isNaN(at.getTime())) throw new Unreadable('time');
  return at;
}

function counted(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Unreadable('count');
  return Number.parseInt(text, 10);
}
