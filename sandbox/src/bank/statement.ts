import { ofPpm, sum } from '@yidian/money';
import { CONTRACTS } from '../demo/settlement-profile';
import type { ProviderCode } from '../demo/demo-file';
import { type Damage, damaged } from './damage';
import type { StatementLine } from './statement-line';

/** What the contract charges for taking `amount`; returns are free and give no fee back. */
export function contractFee(provider: ProviderCode, amount: bigint): bigint {
  if (amount <= 0n) return 0n;
  const { ppm, min } = CONTRACTS[provider];
  const raw = ofPpm(amount, ppm);
  return raw < min ? min : raw;
}

/**
 * The file of one accounting date, or null when the date has no line. Lines are ordered by time, then by transaction,
 * so that the file is the same however often it is asked for; the totals agree with the lines as printed.
 */
export function statementFile(
  provider: ProviderCode,
  date: string,
  lines: readonly StatementLine[],
  damages: readonly Damage[] = [],
): string | null {
  const printed = damaged(sorted(lines), damages);
  if (printed.length === 0) return null;
  const details = printed.map((line, i) =>
    [
      'D',
      i + 1,
      line.kind,
      line.ourNo,
      line.txnId,
      line.origTxnId,
      line.amount,
      line.fee,
      'CNY',
      line.at,
      'SUCCESS',
    ].join('|'),
  );
  const total = ['T', printed.length, sum(printed.map((l) => l.amount)), sum(printed.map((l) => l.fee))].join('|');
  return `${[`H|YD1|${provider}|${date}|CNY`, ...details, total].join('\n')}\n`;
}

function sorted(lines: readonly StatementLine[]): StatementLine[] {
  const key = (line: StatementLine) => `${line.at}/${line.txnId}`;
  return [...lines].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
