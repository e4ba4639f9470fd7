import { Inject, Injectable } from '@nestjs/common';
import type { Archive } from '@yidian/archive';
import { readStatement as readBankDirect } from '@yidian/connectors/bank-direct/statement-format';
import type { StatementKind } from '@yidian/connectors/contract';
import { ARCHIVE } from './fetch-statement';
import type { LineKind, ParsedStatement, StatementLine, UnreadableLine } from './statement';
import type { StatementFile } from './statements.store';

type Reader = (bytes: Buffer, file: Pick<StatementFile, 'provider' | 'date'>) => Promise<ParsedStatement>;

/** By the connector that speaks the provider's words. */
const READERS: Readonly<Record<string, Reader>> = { 'bank-direct': bankDirect };

/** Reads an archived statement; what it says is derived again from the bytes whenever it is needed. */
@Injectable()
export class ReadStatement {
  constructor(@Inject(ARCHIVE) private readonly archive: Archive) {}

  async execute(file: StatementFile, connector = 'bank-direct'): Promise<ParsedStatement> {
    if (!file.archivePath) return { lines: [], unreadable: [], control: null, findings: [] };
    const reader = READERS[connector];
    if (!reader) throw new Error(`nobody reads statements of ${connector}`);
    return reader(await this.archive.get({ path: file.archivePath, sha256: file.sha256 }), file);
  }
}

const KINDS: Readonly<Partial<Record<StatementKind, LineKind>>> = {
  PAY: 'payment',
  REFUND: 'refund',
  REVERSAL: 'reversal',
};

async function bankDirect(bytes: Buffer, file: Pick<StatementFile, 'provider' | 'date'>): Promise<ParsedStatement> {
  const lines: StatementLine[] = [];
  const unreadable: UnreadableLine[] = [];
  const findings: string[] = [];
  const totals = await readBankDirect(oneChunk(bytes), {
    line: (line) => {
      const kind = KINDS[line.kind];
      if (!kind) return void findings.push(`line ${line.fileLine}: no money of ours (${line.kind})`);
      lines.push({
        line: line.fileLine,
        kind,
        ourRef: line.ourNumber,
        txnId: line.providerTxnId,
        origTxnId: line.origTxnId,
        amount: line.amount,
        fee: line.fee,
        currency: line.currency,
        at: line.occurredAt.toISOString(),
        state: line.state === 'SUCCESS' ? 'success' : 'notice',
        raw: line.raw,
      });
    },
    finding: (finding) => {
      if (finding.ofFile) findings.push(`line ${finding.fileLine}: ${finding.reason}`);
      else unreadable.push({ line: finding.fileLine, reason: finding.reason, raw: finding.raw.toString('latin1') });
    },
  });
  const { header, declared, unread } = totals;
  if (!header) findings.push('no header');
  else if (header.provider !== file.provider || header.date !== file.date)
    findings.push(`the file is of ${header.provider} for ${header.date}`);
  if (!declared) findings.push('no trailer: the totals cannot be checked');
  if (unread && !totals.agrees && unread.lines !== totals.unreadable)
    findings.push(`the trailer counts ${unread.lines} lines more than the file has`);
  else if (unread && totals.unreadable === 0 && (unread.amount !== 0n || unread.fee !== 0n))
    findings.push(`the trailer's sums differ by ${unread.amount} and fees by ${unread.fee}`);
  return { lines, unreadable, control: declared, findings };
}

async function* oneChunk(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
