import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Poll } from '../notifications/poll';
import { LOGGER, type Logger } from '../platform';
import { BlocksStore, type BlockKind, type BlockRow } from './blocks.store';

const PAYING: readonly BlockKind[] = ['number', 'account', 'partner', 'device', 'legal'];

/** The block lists that every payment is held against, in memory; read again every other second. */
@Injectable()
export class BlockList implements OnModuleInit, BeforeApplicationShutdown {
  private standing = new Map<string, BlockRow>();
  private readonly poll: Poll;

  constructor(
    private readonly store: BlocksStore,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.poll = new Poll(
      2_000,
      () => this.refresh(),
      (err) => logger.warn({ err }, 'block lists'),
    );
  }

  async onModuleInit(): Promise<void> {
    await this.refresh();
    this.poll.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poll.stop();
  }

  async refresh(): Promise<void> {
    const rows = await this.store.allStanding(PAYING);
    this.standing = new Map(rows.map((row) => [nameOf(row.kind, row.value), row]));
  }

  /** Whether anything stands on any list. */
  some(): boolean {
    return this.standing.size > 0;
  }

  /** The first of these that stands on a list. */
  find(pairs: readonly (readonly [BlockKind, string | null | undefined])[]): BlockRow | undefined {
    for (const [kind, value] of pairs) {
      const row = value ? this.standing.get(nameOf(kind, value)) : undefined;
      if (row) return row;
    }
    return undefined;
  }
}

const nameOf = (kind: BlockKind, value: string): string => `${kind} ${value}`;
