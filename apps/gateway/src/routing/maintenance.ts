import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Poll } from '../notifications/poll';
import { LOGGER, type Logger } from '../platform';
import { WindowsStore, type WindowRow } from './windows.store';

/** The calendar of providers' maintenance, in memory: looked at for every payment, read again every other second. */
@Injectable()
export class Maintenance implements OnModuleInit, BeforeApplicationShutdown {
  private windows: readonly WindowRow[] = [];
  private readonly poll: Poll;

  constructor(
    private readonly store: WindowsStore,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.poll = new Poll(
      2_000,
      () => this.refresh(),
      (err) => logger.warn({ err }, 'maintenance calendar'),
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
    this.windows = await this.store.coming(new Date());
  }

  /** When the provider is back; null: it is not away. */
  awayUntil(provider: string, at: Date = new Date()): Date | null {
    const away = this.windows.find(
      (one) =>
        one.provider === provider && one.from_at <= at && one.until_at > at && !(one.ended_at && one.ended_at <= at),
    );
    return away?.until_at ?? null;
  }

  /** What is planned, soonest first. */
  planned(provider?: string): readonly WindowRow[] {
    return this.windows.filter((one) => provider === undefined || one.provider === provider);
  }
}
