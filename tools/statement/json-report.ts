import type { StatementFinding, StatementLine, StatementSums, StatementTotals } from '@yidian/connectors/contract';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, type WriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { Output } from './output';
import type { Report } from './report';

/**
 * One JSON object, written while the file is read: provider, format, lines, quarantined, totals. Findings come between
 * lines and stand after them, so they wait in a file of their own.
 */
export class JsonReport implements Report {
  private begun = false;
  private lines = 0;
  private findings = 0;
  private folder = '';
  private spool: { stream: WriteStream; output: Output } | null = null;

  constructor(
    private readonly output: Output,
    private readonly provider: string,
  ) {}

  begin(format: string): void | Promise<void> {
    this.begun = true;
    return this.output.write(
      `{"provider":${JSON.stringify(this.provider)},"format":${JSON.stringify(format)},"lines":[`,
    );
  }

  line(line: StatementLine): void | Promise<void> {
    return this.output.write(`${this.lines++ === 0 ? '\n' : ',\n'}${lineJson(line)}`);
  }

  finding(finding: StatementFinding): void | Promise<void> {
    this.folder ||= mkdtempSync(join(tmpdir(), 'statement-'));
    if (!this.spool) {
      const stream = createWriteStream(join(this.folder, 'quarantined'));
      this.spool = { stream, output: new Output(stream) };
    }
    return this.spool.output.write(`${this.findings++ === 0 ? '\n' : ',\n'}${findingJson(finding)}`);
  }

  async end(totals: StatementTotals): Promise<void> {
    await this.close(`"totals":${totalsJson(totals)}`);
  }

  async unreadable(reason: string): Promise<void> {
    if (!this.begun) await this.output.write(`{"provider":${JSON.stringify(this.provider)},"format":null,"lines":[`);
    await this.close(`"totals":null,"error":${JSON.stringify(reason)}`);
  }

  private async close(last: string): Promise<void> {
    await this.output.write('\n],"quarantined":[');
    if (this.spool) {
      await this.spool.output.flush();
      this.spool.stream.end();
      await finished(this.spool.stream);
      for await (const chunk of createReadStream(join(this.folder, 'quarantined'), 'utf8'))
        await this.output.write(chunk as string);
      rmSync(this.folder, { recursive: true });
    }
    await this.output.write(`\n],${last}}\n`);
  }
}

/** Amounts are integers of minor units: exact as JSON text, however large. */
function withAmounts(before: object, amounts: Readonly<Record<string, bigint | undefined>>, after: object): string {
  const integers = Object.entries(amounts).flatMap(([name, value]) =>
    value === undefined ? [] : [`${JSON.stringify(name)}:${value}`],
  );
  const members = [JSON.stringify(before).slice(1, -1), ...integers, JSON.stringify(after).slice(1, -1)];
  return `{${members.filter((member) => member !== '').join(',')}}`;
}

function lineJson(line: StatementLine): string {
  const { amount, fee, feeText, currency, state, raw } = line;
  return withAmounts(
    {
      n: line.n,
      file_line: line.fileLine,
      offset: line.offset,
      kind: line.kind,
      our_number: line.ourNumber,
      provider_txn_id: line.providerTxnId,
      orig_txn_id: line.origTxnId,
    },
    { amount, fee },
    { fee_text: feeText, currency, occurred_at: line.occurredAt.toISOString(), state, raw },
  );
}

function findingJson({ fileLine, offset, reason, ofFile, raw }: StatementFinding): string {
  return JSON.stringify({
    file_line: fileLine,
    offset,
    reason,
    of_file: ofFile,
    raw_base64: raw.toString('base64'),
    raw_text: raw.toString('utf8'),
  });
}

function totalsJson({ header, declared, read, unreadable, unread, agrees, bytes }: StatementTotals): string {
  const of = (sums: Partial<StatementSums> | null) =>
    sums ? withAmounts({ lines: sums.lines }, { amount: sums.amount, fee: sums.fee }, {}) : 'null';
  return [
    `{"header":${JSON.stringify(header)},"declared":${of(declared)},"read":${of(read)},"unread":${of(unread)}`,
    `"unreadable":${unreadable},"agrees":${agrees},"bytes":${bytes}}`,
  ].join(',');
}
