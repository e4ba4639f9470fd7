import { letGo } from '../contract/bytes';
import { withHead } from '../contract/head';
import {
  UnreadableFile,
  type StatementFormat,
  type StatementLine,
  type StatementOrigin,
  type StatementSink,
  type StatementTotals,
} from '../contract/statement';
import { sumOfTotals } from './sum-of-totals';
import { DamagedZip, firstMember, isZip, withMembers, type Member } from './zip';

/**
 * The format, also where a bank packs its files: every file of the zip is read, one after the other, and their totals are
 * summed. A file in it that is none of this format is a finding, for it may be one with money in it.
 */
export function orZipped(format: StatementFormat): StatementFormat {
  return {
    ...format,
    recognises: (head, origin) => {
      if (!isZip(head)) return format.recognises(head, origin);
      const first = firstMember(head);
      return format.recognises(first.head, { ...origin, fileName: first.name });
    },
    read: async (source, sink, origin) => {
      const { head, bytes } = await withHead(source);
      return isZip(head)
        ? await new ZipReader(format, sink, origin).read(bytes)
        : await format.read(bytes, sink, origin);
    },
  };
}

class ZipReader {
  private readonly totals: StatementTotals[] = [];
  private whole = true;

  constructor(
    private readonly format: StatementFormat,
    private readonly sink: StatementSink,
    private readonly origin: StatementOrigin,
  ) {}

  async read(source: AsyncIterable<Uint8Array>): Promise<StatementTotals> {
    try {
      await withMembers(source, async (members) => {
        for await (const member of members) await this.take(member);
      });
    } catch (error) {
      if (!(error instanceof DamagedZip)) throw error;
      await this.finding('the zip is cut or damaged', '');
    }
    if (this.totals.length === 0) throw new UnreadableFile(`the zip has no ${this.format.name}`);
    const sum = sumOfTotals(this.totals);
    return { ...sum, agrees: sum.agrees && this.whole };
  }

  private async take({ name, bytes }: Member): Promise<void> {
    const { format, origin } = this;
    const { head, bytes: content } = await withHead(bytes());
    if (!format.recognises(head, { ...origin, fileName: name })) {
      await letGo(content);
      return await this.finding(`a file in the zip that is no ${format.name}`, name);
    }
    try {
      this.totals.push(await format.read(this.asFarAs(content, name), this.within(), { ...origin, fileName: name }));
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      await this.finding('a file in the zip that cannot be read', name);
    }
  }

  /** What comes out of a damaged file counts until it ends. */
  private async *asFarAs(content: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
    try {
      yield* content;
    } catch (error) {
      if (!(error instanceof DamagedZip)) throw error;
      await this.finding('a file in the zip that is cut or damaged', name);
    }
  }

  /** Offsets mean nothing in what was packed; numbers count on from file to file. */
  private within(): StatementSink {
    const before = this.totals.reduce((lines, { read }) => lines + read.lines, 0);
    return {
      line: (line: StatementLine) => this.sink.line({ ...line, n: line.n + before, offset: -1 }),
      finding: (finding) => this.sink.finding({ ...finding, offset: -1 }),
    };
  }

  private async finding(reason: string, name: string): Promise<void> {
    this.whole = false;
    await this.sink.finding({ fileLine: 0, offset: -1, reason, raw: Buffer.from(name), ofFile: true });
  }
}
