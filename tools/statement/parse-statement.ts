import {
  UnreadableFile,
  withHead,
  type ConnectorDefinition,
  type StatementFinding,
  type StatementFormat,
  type StatementLine,
  type StatementOrigin,
  type StatementSink,
} from '@yidian/connectors/contract';
import type { Screen, Step } from '../platform/progress';
import type { Report } from './report';
import type { Source } from './source';
import { UsageError } from './usage-error';

export interface Parsing extends Source {
  definition: ConnectorDefinition;
  code: string | undefined;
  /** Asked for by name; undefined: told from the file. */
  format: string | undefined;
  date: string | undefined;
  report: Report;
  screen: Screen;
}

/** @returns 0 when every line was read and all totals agree, 1 with findings, 2 when it is no such file */
export async function parseStatement(parsing: Parsing): Promise<0 | 1 | 2> {
  const { report, fileName, code, date } = parsing;
  const origin = { fileName, ...(code === undefined ? {} : { provider: code }), ...(date ? { date } : {}) };
  const { head, bytes } = await withHead(parsing.bytes);
  const progress = new Progress(parsing.screen, parsing.size);
  try {
    const format = chosen(parsing, head, origin);
    await report.begin(format.name);
    const counting = new Counting(report);
    const totals = await format.read(progress.watched(bytes), counting, origin);
    await report.end(totals);
    return totals.agrees && counting.findings === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    await report.unreadable(error.message);
    throw error;
  } finally {
    progress.end();
  }
}

function chosen({ definition, format }: Parsing, head: Buffer, origin: StatementOrigin): StatementFormat {
  const { formats } = definition;
  const names = formats.map(({ name }) => name).join(', ');
  if (format !== undefined) {
    const named = formats.find(({ name }) => name.toLowerCase() === format.toLowerCase());
    if (!named) throw new UsageError(`${definition.name} has no format "${format}". It has: ${names}.`);
    return named;
  }
  const found = formats.find((one) => one.recognises(head, origin));
  if (!found) throw new UnreadableFile(`this is no statement of ${definition.name}, whose formats are ${names}`);
  return found;
}

class Counting implements StatementSink {
  findings = 0;

  constructor(private readonly report: Report) {}

  line(line: StatementLine): void | Promise<void> {
    return this.report.line(line);
  }

  finding(finding: StatementFinding): void | Promise<void> {
    this.findings++;
    return this.report.finding(finding);
  }
}

const LONG_MS = 2_000;
const MB = 1_000_000;

/** Says how far it is once a file takes longer than a glance. */
class Progress {
  private readonly started = performance.now();
  private step: Step | undefined;
  private done = 0;

  constructor(
    private readonly screen: Screen,
    private readonly size: number,
  ) {}

  async *watched(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      this.done += chunk.length;
      if (!this.step && performance.now() - this.started > LONG_MS) this.step = this.screen.step('parse');
      const read = Math.round(this.done / MB);
      if (this.size > 0) this.step?.progress(read, Math.round(this.size / MB), 'MB');
      else this.step?.note(`${read} MB`);
      yield chunk;
    }
  }

  end(): void {
    this.step?.done(`${Math.round(this.done / MB)} MB`);
  }
}
