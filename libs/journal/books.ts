import type { CutReply, LanesReply, OpenDateReply, PullReply, TotalsReply } from '@yidian/contracts';
import type { Db } from '@yidian/database';

export interface BooksOptions {
  /** A lane that stands still for so long on our own monotonic clock is closed by the cut. */
  standStillMs?: number;
  /** How long one `cut` call waits for lanes before it answers `cutting`. */
  waitMs?: number;
}

export class Books {
  constructor(
    readonly db: Db,
    readonly options: BooksOptions = {},
  ) {}
  /** Creates the provider's open day if it has none; otherwise leaves it. */
  ensureProvider(_provider: string, _openDate: string): Promise<void> {
    throw new Error('not there yet');
  }
  openDate(_provider: string): Promise<OpenDateReply> {
    throw new Error('not there yet');
  }
  cut(_provider: string, _date: string): Promise<CutReply> {
    throw new Error('not there yet');
  }
  vector(_provider: string, _date: string): Promise<CutReply | null> {
    throw new Error('not there yet');
  }
  lanes(): Promise<LanesReply> {
    throw new Error('not there yet');
  }
  pull(_laneId: number, _after: bigint, _limit: number): Promise<PullReply> {
    throw new Error('not there yet');
  }
  totals(_provider: string, _date: string): Promise<TotalsReply> {
    throw new Error('not there yet');
  }
}
