/**
 * Credits a frame of top-ups in one batch. Per item: credited or refused once and for ever, or surely not executed
 * (expired, busy, maintenance), or unknown; never a guess. The same key may be asked again at any time.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { TopupAnswer, TopupItem } from '@yidian/contracts';
import { Ledger } from '@yidian/ledger';
import { fromDigits } from '@yidian/money';
import type { Logger } from '@yidian/telemetry';
import { CONFIG, type BillingConfig } from '../billing.config';
import { RemoteCredits } from '../bss/orders/remote-credits';
import { KnownProviders } from '../daybook/known-providers';
import { LOGGER } from '../resources/logger';
import { SubscribersStore, type HomeRow } from '../subscribers/subscribers.store';
import { Doubts } from './doubts';
import { topupAnswer, undecided } from './topup.answers';
import { judgeTopup } from './topup.judge';
import { paymentKey, topupPosting } from './topup.posting';

@Injectable()
export class PostTopups {
  constructor(
    @Inject(CONFIG) private readonly config: BillingConfig,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly subscribers: SubscribersStore,
    private readonly providers: KnownProviders,
    private readonly doubts: Doubts,
    private readonly ledger: Ledger,
    private readonly remote: RemoteCredits,
  ) {}

  async execute(items: readonly TopupItem[]): Promise<TopupAnswer[]> {
    const arrived = performance.now();
    let homes: Map<string, HomeRow>;
    try {
      await this.providers.meet(items.map((item) => item.provider));
      homes = await this.subscribers.homes([...new Set(items.map((item) => item.subscriberId))]);
    } catch (error) {
      this.logger.error({ err: error }, 'top-ups could not be judged');
      return items.map(({ key }) => ({ key, outcome: 'busy', replay: false })); // nothing was handed to the ledger yet
    }
    const spent = performance.now() - arrived;
    // All in one tick: the items of a frame ride in one batch.
    return Promise.all(items.map((item) => this.carryOut(item, homes.get(item.subscriberId), spent)));
  }

  private async carryOut(item: TopupItem, home: HomeRow | undefined, spentMs: number): Promise<TopupAnswer> {
    try {
      const claim = { branch: item.branch, ownerVersion: item.ownerVersion, face: fromDigits(item.face) };
      const verdict = judgeTopup(claim, home, this.config.MODE);
      if (verdict.kind === 'wait') return await this.wait(item);
      const ttlMs = item.ttlMs - spentMs;
      if (ttlMs <= 0) return { key: item.key, outcome: 'expired', replay: false };
      // A province's answer never holds up the frame: the item is stored, answered `pending`, and goes on by itself.
      if (verdict.kind === 'credit' && this.remote.serves(item.branch)) return await this.remote.request(item, ttlMs);
      const posting = topupPosting(item, verdict.kind === 'reject' ? verdict.reason : undefined, new Date());
      const answer = topupAnswer(item.key, await this.ledger.post(posting, ttlMs));
      return answer.outcome === 'conflict' ? ((await this.remote.replay(item)) ?? answer) : answer;
    } catch (error) {
      return undecided(item.key, this.doubts.of(item.key, error));
    }
  }

  /** Nothing is stored while the branch is away; what was stored before is still the answer. */
  private async wait(item: TopupItem): Promise<TopupAnswer> {
    const [stored] = await this.ledger.find([paymentKey(item.key)]);
    if (!stored) return { key: item.key, outcome: 'maintenance', replay: false };
    return (await this.remote.replay(item)) ?? topupAnswer(item.key, stored);
  }
}
