import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { PersonNumbers } from '../notifications/person-number';
import { SmsSender } from '../notifications/sms-sender';
import { payWords } from '../notifications/sms-words';
import { nextDue } from '../payments/ladder';
import { Providers } from '../providers/providers';
import { AgreementNews } from './agreement-news';
import { accountOf } from './agreement.view';
import { AgreementsStore, type AgreementRow } from './agreements.store';
import { refOf } from './apply-agreement';

/**
 * Promise: from the moment that somebody ends it nothing is debited under it any more, whatever its provider says; and the
 * provider is asked to end it, too, again and again, until it says that it has. No answer is not known, never done.
 */
@Injectable()
export class EndAgreement {
  constructor(
    private readonly store: AgreementsStore,
    private readonly providers: Providers,
    private readonly numbers: PersonNumbers,
    private readonly sms: SmsSender,
    private readonly news: AgreementNews,
  ) {}

  /** @param by who ends it, such as `customer by sms` @returns whether this call ended it */
  async execute(row: AgreementRow, by: string): Promise<boolean> {
    const signed =
      row.state !== 'pending' || this.providers.find(row.provider)?.connector.capabilities.agreement?.unsign;
    if (!(await this.store.end(row.id, `ended: ${by}`, signed ? 'due' : 'none'))) return false;
    await this.news.agreement(row.id, row.state);
    const ended = await this.store.find(row.id);
    if (ended?.unsign === 'due') void this.unsign(ended).catch(() => undefined); // the ladder asks again
    return true;
  }

  /** By its owner, who is told by text, too: somebody else may have his phone. @throws Problem not_found */
  async byOwner(msisdn: string, id: string, by: string): Promise<AgreementRow> {
    const row = await this.store.find(id);
    if (row?.msisdn_blind !== this.numbers.blind(msisdn) || row.state === 'ended') throw new Problem('not_found');
    if (await this.execute(row, by))
      await this.sms.send(msisdn, 'unbound', { pay: payWords(accountOf(row)) }, `unbound-${row.id}`);
    return (await this.store.find(id)) ?? row;
  }

  /** @throws Problem not_found for another partner's */
  async byPartner(partner: string, id: string): Promise<AgreementRow> {
    const row = await this.store.find(id);
    if (!row || partner === '' || row.partner !== partner) throw new Problem('not_found');
    if (row.state !== 'ended') await this.execute(row, `partner ${partner}`);
    return (await this.store.find(id)) ?? row;
  }

  /** Asks the providers that still have to say that an agreement has ended there. */
  async sweep(now: Date = new Date()): Promise<void> {
    for (const row of await this.store.unsignDue(100)) await this.unsign(row, now);
  }

  private async unsign(row: AgreementRow, now: Date = new Date()): Promise<void> {
    // Claimed by its date; a row without a next one waits for people and for the agreement file.
    if (!(await this.store.claimUnsign(row, nextDue(now, row.unsign_tries)))) return;
    const provider = this.providers.find(row.provider);
    if (!provider?.connector.capabilities.agreement?.unsign) return this.store.unsigned(row.id, 'unknown');
    const answer = await provider.connector.endAgreement(refOf(row, this.numbers));
    await this.store.unsigned(row.id, answer.outcome === 'ended' ? 'done' : 'unknown');
  }
}
