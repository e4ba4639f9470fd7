import { Injectable } from '@nestjs/common';
import type { AgreementAnswer, OfferedAgreement } from '@yidian/connectors/contract';
import { PersonNumbers } from '../notifications/person-number';
import { SmsSender } from '../notifications/sms-sender';
import { payWords, shortYuan } from '../notifications/sms-words';
import { Providers } from '../providers/providers';
import { AgreementNews } from './agreement-news';
import { accountOf } from './agreement.view';
import { AgreementsStore, type AgreementRow } from './agreements.store';
import { NewAgreement } from './new-agreement';
import { TakeOffered } from './take-offered';

type Active = Extract<AgreementAnswer, { outcome: 'active' }>;

/** What the provider says of an agreement, by callback or by query: the first to tell moves it, the rest are no-ops. */
@Injectable()
export class ApplyAgreement {
  constructor(
    private readonly store: AgreementsStore,
    private readonly providers: Providers,
    private readonly numbers: PersonNumbers,
    private readonly sms: SmsSender,
    private readonly news: AgreementNews,
    private readonly fresh: NewAgreement,
    private readonly offered: TakeOffered,
  ) {}

  /** Only its own provider may speak about an agreement. */
  async told(provider: string, id: string, answer: AgreementAnswer, offered?: OfferedAgreement): Promise<void> {
    const row = (await this.store.find(id)) ?? (await this.store.theirs(provider, id));
    if (row) {
      if (row.provider === provider) await this.apply(row, answer, `${provider} called`);
    } else if (offered && answer.outcome === 'active') {
      const taken = await this.offered.execute(provider, id, offered);
      await this.apply(taken, answer, `signed at ${provider}`);
    }
  }

  async ask(row: AgreementRow): Promise<void> {
    const { connector } = this.providers.get(row.provider);
    await this.apply(row, await connector.queryAgreement(refOf(row, this.numbers)), `${row.provider} was asked`);
  }

  async apply(row: AgreementRow, answer: AgreementAnswer, evidence: string): Promise<void> {
    if (answer.outcome === 'active') return this.active(row, answer, evidence);
    const late = answer.outcome === 'pending' && row.expires_at.getTime() + GRACE_MS < Date.now();
    if (answer.outcome !== 'ended' && !late) return;
    // Of one that has ended here already this is the word that was waited for.
    if (row.state === 'ended') {
      if (answer.outcome === 'ended') await this.store.unsigned(row.id, 'done');
    } else if (await this.store.end(row.id, late ? 'nobody has signed it in time' : evidence, late ? 'none' : 'done')) {
      await this.news.agreement(row.id, row.state);
    }
  }

  /** An import says which account it is: another one was not agreed to here. */
  private async active(row: AgreementRow, answer: Active, evidence: string): Promise<void> {
    const { agreementRef, accountTail, bankName, verified = 'bank' } = answer;
    if (row.state === 'ended') return this.store.signedTooLate(row.id, this.numbers.sealText(agreementRef));
    if (row.state !== 'pending') return;
    if (row.account_tail !== null && row.account_tail !== accountTail) {
      if (await this.store.end(row.id, 'other_account')) await this.news.agreement(row.id, row.state);
      return;
    }
    const refSealed = this.numbers.sealText(agreementRef);
    const cooling = row.signed_by === 'import' ? null : this.fresh.cooling;
    const signed = { refSealed, accountTail, bankName, verified, cooling };
    if (await this.store.activate(row.id, signed, evidence)) await this.tellActive(row.id);
  }

  private async tellActive(id: string): Promise<void> {
    const row = await this.store.find(id);
    if (!row) return;
    // Who moves with his branch has signed long ago, and is not woken up for it.
    if (row.signed_by !== 'import') {
      const [limit, month] = [shortYuan(row.limit_payment), shortYuan(row.limit_month)];
      const params = { pay: payWords(accountOf(row)), limit, month };
      await this.sms.send(this.numbers.open(row.msisdn_sealed), 'bound', params, `bound-${row.id}`);
    }
    await this.news.agreement(id, 'pending');
  }
}

/** As its provider knows it. */
export function refOf(row: AgreementRow, numbers: PersonNumbers): { agreementNo: string; agreementRef: string } {
  const agreementRef = row.ref_sealed === null ? '' : numbers.openText(row.ref_sealed);
  return { agreementNo: row.provider_no ?? row.id, agreementRef };
}

/** A signature may arrive a little after the page's time. */
const GRACE_MS = 10 * 60_000;
