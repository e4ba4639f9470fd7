import type { StatementFinding, StatementLine, StatementSums, StatementTotals } from '@yidian/connectors/contract';
import { decimalsOf, toDecimal } from '@yidian/money';
import type { Output } from './output';
import type { Report } from './report';

const QUOTED = 200;

/** For people: one line per line, findings where they stand, totals last. */
export class TextReport implements Report {
  constructor(
    private readonly output: Output,
    private readonly provider: string,
  ) {}

  begin(format: string): void | Promise<void> {
    return this.output.write(`${this.provider}, ${format}\n`);
  }

  line(line: StatementLine): void | Promise<void> {
    const { n, kind, state, amount, fee, currency, ourNumber, providerTxnId, origTxnId, occurredAt } = line;
    const money = `${toDecimal(amount, decimalsOf(currency))} ${currency}`;
    const columns = [
      String(n).padStart(6),
      kind.padEnd(8),
      (state === 'SUCCESS' ? '' : 'notice').padEnd(6),
      money.padStart(20),
      (fee === 0n ? '' : `fee ${toDecimal(fee, decimalsOf(currency))}`).padEnd(12),
      (ourNumber || '–').padEnd(24),
      (providerTxnId || '–').padEnd(24),
      occurredAt.toISOString(),
      origTxnId === '' ? '' : `of ${origTxnId}`,
    ];
    return this.output.write(`${columns.join('  ').trimEnd()}\n`);
  }

  finding({ fileLine, reason, ofFile, raw }: StatementFinding): void | Promise<void> {
    const place = `${ofFile ? 'file' : 'line'} ${fileLine}`;
    const bytes = JSON.stringify(raw.toString('utf8', 0, QUOTED));
    return this.output.write(`     ✘ ${place}: ${reason}  ${bytes}${raw.length > QUOTED ? '…' : ''}\n`);
  }

  async end(totals: StatementTotals): Promise<void> {
    const { header, declared, read, unread, unreadable, agrees, bytes } = totals;
    const currency = header?.currency ?? '';
    const told = header && [header.provider, header.date, header.currency].filter((text) => text !== '').join(' ');
    await this.output.write(
      [
        ...(told ? [`of       ${told}`] : []),
        `read     ${sumsText(read, currency)}`,
        ...(declared ? [`declared ${sumsText(declared, currency)}`] : []),
        ...(unread && !agrees ? [`unread   ${sumsText(unread, currency)}`] : []),
        `${unreadable} lines could not be read; ${bytes} bytes; totals ${agrees ? 'agree' : 'DO NOT AGREE'}`,
        '',
      ].join('\n'),
    );
  }

  async unreadable(reason: string): Promise<void> {
    await this.output.write(`not readable: ${reason}\n`);
  }
}

function sumsText({ lines, amount, fee }: Partial<StatementSums>, currency: string): string {
  const money = (sum: bigint) => `${toDecimal(sum, decimalsOf(currency))} ${currency}`.trim();
  return [
    ...(lines === undefined ? [] : [`${lines} lines`]),
    ...(amount === undefined ? [] : [`amount ${money(amount)}`]),
    ...(fee === undefined ? [] : [`fee ${money(fee)}`]),
  ].join(', ');
}
