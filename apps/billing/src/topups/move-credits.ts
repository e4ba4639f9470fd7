import { Injectable } from '@nestjs/common';
import type { KeyAnswer } from '@yidian/contracts';
import type { ErrorCode } from '@yidian/errors';
import { Ledger } from '@yidian/ledger';
import { RemoteCredits } from '../bss/orders/remote-credits';
import { KnownProviders } from '../daybook/known-providers';
import { isGone } from '../subscribers/life-cycle';
import { SubscribersStore, type HomeRow } from '../subscribers/subscribers.store';
import { BillingTerms } from '../policies/billing-terms';
import { CreditsStore, type StoredCredit } from './credits.store';
import { Doubts } from './doubts';
import { keyAnswer, keyRefused, keyUndecided } from './key.answers';
import { movePosting, type MoveItem } from './move.posting';

@Injectable()
export class MoveCredits {
  constructor(
    private readonly credits: CreditsStore,
    private readonly subscribers: SubscribersStore,
    private readonly providers: KnownProviders,
    private readonly doubts: Doubts,
    private readonly ledger: Ledger,
    private readonly remote: RemoteCredits,
    private readonly billing: BillingTerms,
  ) {}

  async execute(items: readonly MoveItem[]): Promise<KeyAnswer[]> {
    const credits = await this.credits.find(items.map((item) => item.paymentNo));
    await this.providers.meet([...credits.values()].flatMap(({ origin }) => (origin ? [origin.provider] : [])));
    return Promise.all(items.map((item) => this.carryOut(item, credits.get(item.paymentNo))));
  }

  private async carryOut(item: MoveItem, credit: StoredCredit | undefined): Promise<KeyAnswer> {
    if (!credit) return keyRefused(item.key, 'not_found');
    const { first, madeOf } = credit;
    if (credit.outcome !== 'posted' || !first || credit.remote) return keyRefused(item.key, 'state_conflict');
    try {
      const homes = await this.subscribers.homes([first.subscriberId, item.to.subscriberId]);
      const to = homes.get(item.to.subscriberId);
      const from = homes.get(first.subscriberId);
      const refusal = from ? this.refuse(item, from, to) : 'number_unknown';
      if (refusal || !from || !to) return keyRefused(item.key, refusal ?? 'number_unknown');
      const posting = movePosting({
        item,
        credit: { origin: first, madeOf },
        from: { ...this.side(from), branch: first.branch, gone: isGone(from.status) },
        to: this.side(to),
      });
      return keyAnswer(item.key, await this.ledger.post(posting));
    } catch (error) {
      return keyUndecided(item.key, this.doubts.of(item.key, error));
    }
  }

  private side(home: HomeRow) {
    return { subscriberId: home.id, branch: home.branch, bills: this.billing.billsOf(home) };
  }

  /** A province moves credits by its own means: there a takeback and a new credit are asked for. */
  private refuse(item: MoveItem, from: HomeRow, to: HomeRow | undefined): ErrorCode | null {
    if (!to) return 'number_unknown';
    if (to.branch !== item.to.branch) return 'number_owner_changed';
    if (isGone(to.status)) return 'number_closed';
    if (to.id === from.id) return 'state_conflict';
    return [from, to].some(({ branch }) => this.remote.serves(branch)) ? 'state_conflict' : null;
  }
}
