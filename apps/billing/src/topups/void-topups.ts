/**
 * Gives a credit up before its money is returned: stores a tombstone under the key, so that a request still on its way
 * meets it and does nothing. A credit that was faster is answered as credited, and then nothing may be returned.
 */
import { Injectable } from '@nestjs/common';
import type { TopupAnswer, topupsVoid } from '@yidian/contracts';
import type { VoidInput } from '@yidian/ledger';
import { Ledger } from '@yidian/ledger';
import type { z } from 'zod';
import { RemoteCredits } from '../bss/orders/remote-credits';
import { KnownProviders } from '../daybook/known-providers';
import { Doubts } from './doubts';
import { topupAnswer, undecided } from './topup.answers';
import { factOf, paymentKey } from './topup.posting';

type VoidItem = z.output<typeof topupsVoid>['items'][number];

@Injectable()
export class VoidTopups {
  constructor(
    private readonly providers: KnownProviders,
    private readonly doubts: Doubts,
    private readonly ledger: Ledger,
    private readonly remote: RemoteCredits,
  ) {}

  async execute(items: readonly VoidItem[]): Promise<TopupAnswer[]> {
    await this.providers.meet(items.flatMap(({ origin }) => (origin ? [origin.provider] : [])));
    return Promise.all(items.map((item) => this.carryOut(item)));
  }

  private async carryOut(item: VoidItem): Promise<TopupAnswer> {
    try {
      const answer = topupAnswer(item.key, await this.ledger.void(tombstone(item, new Date())));
      // What stands there may be pending at a province, where no tombstone can be left.
      return answer.outcome === 'credited' ? ((await this.remote.giveUp(item.key)) ?? answer) : answer;
    } catch (error) {
      return undecided(item.key, this.doubts.of(item.key, error));
    }
  }
}

function tombstone({ key, origin }: VoidItem, at: Date): VoidInput {
  return {
    ...paymentKey(key),
    actor: 'gateway',
    ...(origin ? { facts: () => [{ ...factOf(key, origin, at), kind: 'credit_voided' }] } : {}),
  };
}
