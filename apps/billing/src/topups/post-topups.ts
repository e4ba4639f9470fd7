/**
 * Credits a frame of top-ups in one batch. Per item: credited or refused once and for ever, or surely not executed
 * (expired, busy, maintenance), or unknown; never a guess. The same key may be asked again at any time.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { TopupAnswer, TopupItem } from '@yidian/contracts';
import { Ledger } from '@yidian/ledger';
import { fromDigits } from '@yidian/money';
import type { Logger } from '@yidian/telemetry';
import { RemoteCredits } from '../bss/orders/remote-credits';
import { KnownProviders } from '../daybook/known-providers';
import { giftFor, type Circumstances } from '../policies/terms';
import { LOGGER } from '../resources/logger';
import { SubscribersStore, type HomeRow } from '../subscribers/subscribers.store';
import { BillingTerms } from '../policies/billing-terms';
import { Doubts } from './doubts';
import { Reactivations } from './reactivations';
import { topupAnswer, undecided } from './topup.answers';
import { judgeTopup, reject, type Claim } from './topup.judge';
import { paymentKey, topupPosting, type CreditTerms } from './topup.posting';

@Injectable()
export class PostTopups {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly subscribers: SubscribersStore,
    private readonly providers: KnownProviders,
    private readonly doubts: Doubts,
    private readonly ledger: Ledger,
    private readonly remote: RemoteCredits,
    private readonly billing: BillingTerms,
    private readonly reactivations: Reactivations,
  ) {}

  async execute(items: readonly TopupItem[]): Promise<TopupAnswer[]> {
    const arrived = performance.now();
    let homes: Map<string, HomeRow>;
    try {
      if (!items.every((item) => this.providers.knows(item.provider)))
        await this.providers.meet(items.map((item) => item.provider));
      homes = await this.subscribers.homes([...new Set(items.map((item) => item.subscriberId))]);
    } catch (error) {
      this.logger.error({ err: error }, 'top-ups could not be judged');
      return items.map(({ key }) => ({ key, outcome: 'busy', replay: false })); // nothing was handed to the ledger yet
    }
    const frame = { at: new Date(), spentMs: performance.now() - arrived };
    // All in one tick: the items of a frame ride in one batch.
    return Promise.all(items.map((item) => this.carryOut(item, homes.get(item.subscriberId), frame)));
  }

  private async carryOut(item: TopupItem, home: HomeRow | undefined, { at, spentMs }: Frame): Promise<TopupAnswer> {
    try {
      const claim = claimOf(item);
      const circumstances = home && this.billing.circumstances(home.branch, at);
      const verdict = home && circumstances ? judgeTopup(claim, home, circumstances) : reject('number_unknown');
      if (verdict.kind === 'wait') return await this.wait(item);
      const ttlMs = item.ttlMs - spentMs;
      if (ttlMs <= 0) return { key: item.key, outcome: 'expired', replay: false };
      // A province's answer never holds up the frame: the item is stored, answered `pending`, and goes on by itself.
      if (verdict.kind === 'credit' && this.remote.serves(item.branch)) return await this.remote.request(item, ttlMs);
      const credits = verdict.kind === 'credit' && home && circumstances;
      const credit = credits ? this.creditTerms(claim, home, circumstances) : undefined;
      const posting = topupPosting(item, verdict.kind === 'reject' ? verdict.reason : undefined, at, credit);
      const answer = topupAnswer(item.key, await this.ledger.post(posting, ttlMs));
      if (home?.suspendReason === 'arrears') this.reactivations.credited(home.id, answer);
      return answer.outcome === 'conflict' ? ((await this.remote.replay(item)) ?? answer) : answer;
    } catch (error) {
      return undecided(item.key, this.doubts.of(item.key, error));
    }
  }

  private creditTerms({ face }: Claim, home: HomeRow, { terms, at }: Circumstances): CreditTerms {
    return { gift: giftFor(terms, face), bonusRefund: terms.bonusRefund, bills: this.billing.billsOf(home, at) };
  }

  /** Nothing is stored while the branch is away; what was stored before is still the answer. */
  private async wait(item: TopupItem): Promise<TopupAnswer> {
    const [stored] = await this.ledger.find([paymentKey(item.key)]);
    if (!stored) return { key: item.key, outcome: 'maintenance', replay: false };
    return (await this.remote.replay(item)) ?? topupAnswer(item.key, stored);
  }
}

/** What all items of a frame have alike. */
interface Frame {
  at: Date;
  /** How long they waited for what is read before they are judged. */
  spentMs: number;
}

const claimOf = ({ branch, ownerVersion, face, charged, discounts }: TopupItem): Claim => ({
  branch,
  ownerVersion,
  face: fromDigits(face),
  charged: fromDigits(charged),
  discounted: discounts ? discounts.reduce((sum, { amount }) => sum + fromDigits(amount), 0n) : 0n,
});
