/**
 * Ends a hold once: carried out when the provider gave the money back, given back when it refused. A void of a hold that
 * never came leaves a tombstone, so that the hold cannot take the value when it comes late.
 */
import { Injectable } from '@nestjs/common';
import type { HoldAnswer, holdsResolve } from '@yidian/contracts';
import type { PostingAnswer, ResolveInput } from '@yidian/ledger';
import { Ledger } from '@yidian/ledger';
import type { z } from 'zod';
import { RemoteTakebacks } from '../bss/orders/remote-takebacks';
import { KnownProviders } from '../daybook/known-providers';
import { Doubts } from './doubts';
import { BillingTerms } from '../policies/billing-terms';
import { CreditsStore } from './credits.store';
import { holdAnswer, holdUndecided } from './hold.answers';
import { holdKey, takenBack, undoing, type StoredHold } from './hold.posting';

type ResolveItem = z.output<typeof holdsResolve>['items'][number];

@Injectable()
export class ResolveHolds {
  constructor(
    private readonly credits: CreditsStore,
    private readonly providers: KnownProviders,
    private readonly doubts: Doubts,
    private readonly ledger: Ledger,
    private readonly takebacks: RemoteTakebacks,
    private readonly billing: BillingTerms,
  ) {}

  async execute(items: readonly ResolveItem[]): Promise<HoldAnswer[]> {
    const holds = await this.credits.findHolds(items.map((item) => ({ refNo: item.key, paymentNo: item.paymentNo })));
    await this.providers.meet([...holds.values()].map((hold) => hold.origin.provider));
    return Promise.all(items.map((item) => this.carryOut(item, holds.get(item.key))));
  }

  private async carryOut(item: ResolveItem, hold: StoredHold | undefined): Promise<HoldAnswer> {
    const key = holdKey(item.key, item.paymentNo);
    try {
      if (!(await this.takebacks.mayEnd(item.key, item.action)))
        return { key: item.key, outcome: 'busy', replay: false };
      if (item.action === 'void') {
        const standing = await this.ledger.void({ ...key, actor: 'gateway' });
        if (standing.outcome !== 'posted') return holdAnswer(item.key, standing, 'held');
      }
      const more =
        hold &&
        (item.action === 'post'
          ? { facts: factsOf(item, hold) }
          : undoing(item, hold, this.billing.run(hold.origin.branch)));
      const answer = await this.ledger.resolve({ ...key, action: item.action, actor: 'gateway', ...more });
      return holdAnswer(item.key, answer, item.action === 'post' ? 'posted' : 'voided');
    } catch (error) {
      return holdUndecided(item.key, this.doubts.of(item.key, error));
    }
  }
}

function factsOf(item: ResolveItem, { origin, amount }: StoredHold): NonNullable<ResolveInput['facts']> {
  const at = new Date();
  return (outcome: PostingAnswer['outcome']) =>
    outcome === 'posted' ? [takenBack(item.paymentNo, item.key, origin, amount, at)] : [];
}
