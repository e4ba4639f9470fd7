import { Inject, Injectable } from '@nestjs/common';
import type { ResolutionPosted } from '@yidian/contracts';
import type { Logger } from '@yidian/telemetry';
import { TermsStore } from '../items/terms.store';
import { RelaySettledJob } from '../outbox/relay-settled.job';
import { LOGGER } from '../resources/tokens';
import { PostResolution } from './post-resolution';
import { toResolution, type ResolutionItem } from './resolution';

/** Each item is answered by itself: one that fails is `unknown` and leaves its neighbours alone. */
@Injectable()
export class PostResolutions {
  constructor(
    private readonly postResolution: PostResolution,
    private readonly terms: TermsStore,
    private readonly relay: RelaySettledJob,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async execute(items: readonly ResolutionItem[]): Promise<ResolutionPosted[]> {
    const answers: ResolutionPosted[] = [];
    for (const item of items) answers.push(await this.one(item));
    this.relay.ring();
    return answers;
  }

  private async one(item: ResolutionItem): Promise<ResolutionPosted> {
    try {
      return await this.postResolution.execute(toResolution(item), await this.terms.of(item.provider, item.date));
    } catch (err) {
      this.logger.error({ err, resolution: item.key }, 'a resolution could not be carried out');
      return { key: item.key, outcome: 'unknown', replay: false, reason: 'internal' };
    }
  }
}
