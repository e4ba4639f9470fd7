import { Inject, Injectable } from '@nestjs/common';
import type { Archive } from '@yidian/archive';
import {
  UnreadableFile,
  withHead,
  type StatementFinding,
  type StatementFormat,
  type StatementOrigin,
  type StatementSink,
  type StatementTotals as ReadTotals,
} from '@yidian/connectors/contract';
import { CONNECTORS } from '@yidian/connectors/registry.gen';
import { ARCHIVE } from './fetch-statement';
import { FileFindings, judgeWhole, MOST_UNREADABLE } from './file-findings';
import { isNamed, ourLine } from './our-line';
import type { ControlTotals, NamedLine, StatementLine, UnreadableLine } from './statement';
import { OUR_CURRENCY, TotalsOfLines, type StatementTotals } from './statement-totals';
import type { StatementFile } from './statements.store';

/** Takes lines as they are read; a slow taker slows the reading. */
export interface LineSink {
  line?(line: StatementLine): void | Promise<void>;
  named?(line: NamedLine): void | Promise<void>;
  unreadable?(line: UnreadableLine): void | Promise<void>;
  /** How far the reading is, piece by piece of the file: lines so far, and bytes of the archived file. */
  progress?(lines: number, bytes: number): void;
}

export interface ReadStatementResult {
  /** Name of the format, '' when nobody knows it. */
  format: string;
  totals: StatementTotals;
  control: ControlTotals | null;
  /** What is wrong with the file as a whole. */
  findings: string[];
}

type ArchivedFile = Pick<StatementFile, 'provider' | 'date' | 'fileName' | 'sha256' | 'archivePath'>;

/**
 * Reads an archived statement through the formats of its connector; what it says is derived again from the bytes whenever
 * it is needed. A file that is none of the connector's, or empty, is a finding like any other: nothing here throws because
 * of what a file holds.
 */
@Injectable()
export class ReadStatement {
  constructor(@Inject(ARCHIVE) private readonly archive: Archive) {}

  /** Line by line, in flat memory whatever the size of the file. */
  async stream(file: ArchivedFile, connector: string, sink: LineSink): Promise<ReadStatementResult> {
    const reading = new Reading(file, sink);
    if (!file.archivePath) return reading.nothing();
    const { head, bytes } = await withHead(this.archive.stream({ path: file.archivePath, sha256: file.sha256 }));
    const format = formatOf(connector, head, reading.origin);
    return await reading.read(bytes, head, format);
  }
}

function formatOf(connector: string, head: Buffer, origin: StatementOrigin): StatementFormat | undefined {
  const definition = CONNECTORS.find(({ name }) => name === connector);
  if (!definition) throw new Error(`there is no connector ${connector}`);
  return definition.formats.find((format) => format.recognises(head, origin));
}

class Reading {
  readonly origin: StatementOrigin;
  private readonly sums = new TotalsOfLines();
  private readonly findings = new FileFindings();
  private lines = 0;
  private ours = 0;
  private kept = 0;

  constructor(
    private readonly file: ArchivedFile,
    private readonly sink: LineSink,
  ) {
    const { fileName, provider, date } = file;
    this.origin = { fileName, provider, date };
  }

  /** A day without a file. */
  nothing(): ReadStatementResult {
    return this.result('', null);
  }

  async read(
    bytes: AsyncGenerator<Uint8Array>,
    head: Buffer,
    format: StatementFormat | undefined,
  ): Promise<ReadStatementResult> {
    if (!format) {
      if (head.length === 0) this.findings.add('empty_file', 'the file has no bytes');
      else this.findings.add('not_a_statement', 'no format of the provider fits the file');
      await drained(bytes);
      return this.result('', null);
    }
    try {
      const totals = await format.read(this.counted(bytes), this.connectorSink(), this.origin);
      const { lines, ours } = this;
      const { provider, date } = this.file;
      judgeWhole({ totals, closed: format.closed ?? false, provider, date, lines, ours }, this.findings);
      return this.result(format.name, totals);
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      if (this.findings.list().length === 0) this.findings.add('not_a_statement', error.message);
      return this.result(format.name, null);
    }
  }

  /** The next piece is asked for when the lines of this one are read. */
  private async *counted(bytes: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
    let read = 0;
    for await (const piece of bytes) {
      yield piece;
      read += piece.length;
      this.sink.progress?.(this.lines, read);
    }
  }

  private connectorSink(): StatementSink {
    return { line: (line) => this.takeLine(ourLine(line)), finding: (finding) => this.takeFinding(finding) };
  }

  /** Waits for nothing where its taker does not: a promise per line would cost more than the line. */
  private takeLine(line: StatementLine | NamedLine): void | Promise<void> {
    this.lines++;
    if (line.currency === OUR_CURRENCY) this.ours++;
    if (isNamed(line)) {
      this.sums.namedLine(line);
      return this.sink.named?.(line);
    }
    this.sums.line(line);
    return this.sink.line?.(line);
  }

  private takeFinding({ fileLine, offset, reason, raw, ofFile }: StatementFinding): void | Promise<void> {
    if (ofFile) return this.findings.said(reason, fileLine);
    if (++this.kept > MOST_UNREADABLE) return;
    const place = offset >= 0 ? { offset } : {};
    return this.sink.unreadable?.({ line: fileLine, ...place, reason, raw: raw.toString('latin1') });
  }

  private result(format: string, totals: ReadTotals | null): ReadStatementResult {
    const { amount = 0n, fee = 0n } = totals?.unread ?? {};
    return {
      format,
      control: totals?.declared ? declaredOf(totals) : null,
      totals: this.sums.totals({ unreadable: totals?.unreadable ?? 0, unread: amount, unreadFees: fee }),
      findings: this.findings.list(),
    };
  }
}

/** Members that the file does not declare are as read: they differ by nothing. */
function declaredOf({ declared, read }: ReadTotals): ControlTotals {
  return { ...read, ...declared };
}

/** Bytes that nobody reads are read all the same: that they are the archived ones is known at their end only. */
async function drained(bytes: AsyncGenerator<Uint8Array>): Promise<void> {
  for await (const chunk of bytes) void chunk;
}
