import { Injectable } from '@nestjs/common';
import type { KeyAnswer } from '@yidian/contracts';
import { Ledger } from '@yidian/ledger';
import { KnownProviders } from '../daybook/known-providers';
import { BillingTerms } from '../policies/billing-terms';
import { isGone } from '../subscribers/life-cycle';
import { SubscribersStore } from '../subscribers/subscribers.store';
import { CreditsStore } from './credits.store';
import { Doubts } from './doubts';
import { giveBackPosting, type GiveBackItem } from './give-back.posting';
import { keyAnswer, keyRefused, keyUndecided } from './key.answers';

/** Only what was really taken is given back: a hold that stands, or was given back already, is refused. */
@Injectable()
export class GiveBackCredits {
  constructor(
    private readonly credits: CreditsStore,
    private readonly subscribers: SubscribersStore,
    private readonly providers: KnownProviders,
    private readonly doubts: Doubts,
    private readonly ledger: Ledger,
    private readonly billing: BillingTerms,
  ) {}

  async execute(items: readonly GiveBackItem[]): Promise<KeyAnswer[]> {
    const answers: KeyAnswer[] = [];
    for (const item of items) answers.push(await this.carryOut(item));
    return answers;
  }

  private async carryOut(item: GiveBackItem): Promise<KeyAnswer> {
    const credit = (await this.credits.find([item.paymentNo])).get(item.paymentNo);
    if (!credit) return keyRefused(item.key, 'not_found');
    // A province gives back by its own means: a new credit is asked of it.
    if (credit.remote || credit.outcome !== 'posted' || !credit.origin) return keyRefused(item.key, 'state_conflict');
    const hold = (await this.credits.findHolds([item])).get(item.refNo);
    if (!hold) return keyRefused(item.key, 'not_found');
    if (!(await this.credits.wasTaken(item))) return keyRefused(item.key, 'state_conflict');
    const home = (await this.subscribers.homes([hold.origin.subscriberId])).get(hold.origin.subscriberId);
    if (!home || isGone(home.status)) return keyRefused(item.key, 'number_closed');
    try {
      await this.providers.meet([hold.origin.provider]);
      const posting = giveBackPosting({ item, hold, madeOf: credit.madeOf, bills: this.billing.billsOf(home) });
      return keyAnswer(item.key, await this.ledger.post(posting));
    } catch (error) {
      return keyUndecided(item.key, this.doubts.of(item.key, error));
    }
  }
}
