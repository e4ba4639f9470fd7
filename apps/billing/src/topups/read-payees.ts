import { Injectable } from '@nestjs/common';
import type { PayeeAnswer } from '@yidian/contracts';
import { SubscribersStore, type HomeRow } from '../subscribers/subscribers.store';
import { CreditsStore } from './credits.store';

/** Whose number a credit went to, as its posting remembers it: also when the number has another holder by now. */
@Injectable()
export class ReadPayees {
  constructor(
    private readonly credits: CreditsStore,
    private readonly subscribers: SubscribersStore,
  ) {}

  async execute(items: readonly { key: string }[]): Promise<PayeeAnswer[]> {
    const credits = await this.credits.find(items.map(({ key }) => key));
    const ids = [...new Set([...credits.values()].flatMap(({ origin }) => (origin ? [origin.subscriberId] : [])))];
    const homes = ids.length === 0 ? new Map<string, HomeRow>() : await this.subscribers.homes(ids);
    return items.map(({ key }) => {
      const home = homes.get(credits.get(key)?.origin?.subscriberId ?? '');
      return {
        key,
        payee: home ? { subscriberId: home.id, msisdn: home.msisdn, ownerVersion: home.ownerVersion } : null,
      };
    });
  }
}
