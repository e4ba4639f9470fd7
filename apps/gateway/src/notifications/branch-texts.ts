import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { LOGGER, type Logger } from '../platform';
import { english } from './english-words';
import { BranchTextsStore, type BranchTextRow } from './branch-texts.store';
import { Poll } from './poll';
import { filledIn } from './text-pattern';
import { smsText, type Language, type Params, type SmsCode } from './sms-templates';

const REFRESH_MS = 5_000;

/** Texts in the words of the branch that they concern, held in memory; what another process saved comes within seconds. */
@Injectable()
export class BranchTexts implements OnModuleInit, BeforeApplicationShutdown {
  private patterns = new Map<string, string>();
  private readonly poll: Poll;

  constructor(
    private readonly store: BranchTextsStore,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.poll = new Poll(
      REFRESH_MS,
      () => this.refresh(),
      (err) => logger.warn({ err }, "branches' texts"),
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
    this.patterns = new Map((await this.store.all()).map((row) => [nameOf(row), row.text]));
  }

  /** @param branch null: the carrier's own words */
  text(code: SmsCode, params: Params, branch: string | null, language: Language = 'zh'): string {
    const pattern = branch === null ? undefined : this.patterns.get(nameOf({ branch, code, language }));
    return pattern === undefined
      ? smsText(code, params, language)
      : filledIn(pattern, language === 'en' ? english(params) : params);
  }
}

const nameOf = ({ branch, code, language }: Pick<BranchTextRow, 'branch' | 'code' | 'language'>): string =>
  `${branch}/${code}/${language}`;
