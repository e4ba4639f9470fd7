import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { LOGGER, type Logger } from '../platform';
import { LanguagesStore, type LanguageRow } from './languages.store';
import { Poll } from './poll';
import type { Language } from './sms-templates';

const REFRESH_MS = 5_000;
/** A row may be seen only after one that was changed later. */
const OVERLAP_MS = 10_000;

/**
 * In which language a number is written to: as its owner has chosen, else as he writes himself, else in Chinese. Held in
 * memory, since receipts are written within a batch; what another process has learnt comes within seconds.
 */
@Injectable()
export class Languages implements OnModuleInit, BeforeApplicationShutdown {
  private readonly known = new Map<string, Pick<LanguageRow, 'language' | 'chosen'>>();
  private since = new Date(0);
  private readonly poll: Poll;

  constructor(
    private readonly store: LanguagesStore,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.poll = new Poll(
      REFRESH_MS,
      () => this.refresh(),
      (err) => logger.warn({ err }, 'languages of numbers'),
    );
  }

  async onModuleInit(): Promise<void> {
    await this.refresh();
    this.poll.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poll.stop();
  }

  of(blind: string): Language {
    return this.known.get(blind)?.language ?? 'zh';
  }

  /** It was written to us in that language. */
  async heard(blind: string, language: Language): Promise<void> {
    const known = this.known.get(blind);
    if (this.of(blind) === language || known?.chosen === 1) return;
    await this.put(blind, language, 0);
  }

  async choose(blind: string, language: Language): Promise<void> {
    const known = this.known.get(blind);
    if (known?.chosen === 1 && known.language === language) return;
    await this.put(blind, language, 1);
  }

  private async put(blind: string, language: Language, chosen: number): Promise<void> {
    await this.store.put({ number_blind: blind, language, chosen });
    this.known.set(blind, { language, chosen });
  }

  private async refresh(): Promise<void> {
    for (const { number_blind, language, chosen, changed_at } of await this.store.changedSince(this.since)) {
      this.known.set(number_blind, { language, chosen });
      this.since = new Date(changed_at.getTime() - OVERLAP_MS);
    }
  }
}
