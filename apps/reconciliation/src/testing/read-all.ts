import type { ReadStatement, ReadStatementResult } from '../statements/read-statement';
import type { NamedLine, StatementLine, UnreadableLine } from '../statements/statement';

export interface WholeStatement extends ReadStatementResult {
  lines: StatementLine[];
  named: NamedLine[];
  unreadable: UnreadableLine[];
}

/** A statement with all of its lines in memory. For tests. */
export async function readAll(
  read: ReadStatement,
  file: Parameters<ReadStatement['stream']>[0],
  connector = 'bank-direct',
): Promise<WholeStatement> {
  const lines: StatementLine[] = [];
  const named: NamedLine[] = [];
  const unreadable: UnreadableLine[] = [];
  const result = await read.stream(file, connector, {
    line: (line) => void lines.push(line),
    named: (line) => void named.push(line),
    unreadable: (line) => void unreadable.push(line),
  });
  return { ...result, lines, named, unreadable };
}
