import type { StatementSink, StatementTotals } from '@yidian/connectors/contract';

/** What is printed of a file while it is read. */
export interface Report extends StatementSink {
  begin(format: string): void | Promise<void>;
  end(totals: StatementTotals): Promise<void>;
  /** It is no such file: nothing, or nothing more, can be read. */
  unreadable(reason: string): Promise<void>;
}
