import { Injectable } from '@nestjs/common';
import { PersonNumbers } from '../notifications/person-number';
import { SmsSender } from '../notifications/sms-sender';
import { shortYuan } from '../notifications/sms-words';
import { BlocksStore } from '../risk/blocks.store';
import { AgreementNews } from './agreement-news';
import { AgreementsStore, type LinkedRow } from './agreements.store';
import { ConsentCodes } from './consent-codes';
import { NewAgreement } from './new-agreement';

/** The asked number's own reply: its code agrees, PB says no to all and stops what was agreed. */
@Injectable()
export class AnswerConsent {
  constructor(
    private readonly store: AgreementsStore,
    private readonly codes: ConsentCodes,
    private readonly numbers: PersonNumbers,
    private readonly sms: SmsSender,
    private readonly news: AgreementNews,
    private readonly blocks: BlocksStore,
    private readonly fresh: NewAgreement,
  ) {}

  /** @returns whether the code belongs to an open question of this number */
  async agree(msisdn: string, code: string): Promise<boolean> {
    const blind = this.numbers.blind(msisdn);
    const hash = this.codes.hash(blind, code);
    const open = [...(await this.store.asked(blind)), ...(await this.store.activeFor(blind))];
    const row = open.find((asked) => asked.code_hash === hash);
    if (!row) return false;
    const moved = await this.store.moveLinked(
      row.id,
      ['pending_consent', 'active'],
      'it has consented by text',
      this.fresh.cooling,
    );
    // Also when it stood already: a reply that is taken up again after a crash must still be answered, once.
    await this.tellAgreed(msisdn, row);
    if (moved) await this.news.linked(row, 'active');
    return true;
  }

  /** By the asked number itself, signed in: no code is needed. @returns whether it is its question and stood open */
  async agreeSignedIn(msisdn: string, id: string): Promise<boolean> {
    const row = await this.store.findLinked(id);
    if (row?.msisdn_blind !== this.numbers.blind(msisdn) || row.expires_at < new Date()) return false;
    const move = ['pending_consent', 'active'] as const;
    if (!(await this.store.moveLinked(id, move, 'it has consented, signed in', this.fresh.cooling))) return false;
    await this.tellAgreed(msisdn, row);
    await this.news.linked(row, 'active');
    return true;
  }

  /** No to everybody, and to whoever would ask later. @returns whether there was anything to refuse or stop */
  async refuse(msisdn: string): Promise<boolean> {
    const blind = this.numbers.blind(msisdn);
    const asked = await this.store.asked(blind);
    const active = await this.store.activeFor(blind);
    await this.blocks.add({
      ...{ kind: 'consent', value: blind, against: '', masked: this.numbers.keep(msisdn).masked },
      ...{ reason: 'it does not want to be asked', made_by: 'its owner by text' },
    });
    for (const row of asked) await this.stop(row, 'pending_consent');
    for (const row of active) await this.stop(row, 'active');
    return asked.length + active.length > 0;
  }

  private async stop(row: LinkedRow, from: 'pending_consent' | 'active'): Promise<void> {
    if (await this.store.moveLinked(row.id, [from, 'refused'], 'it has said no by text'))
      await this.news.linked(row, 'refused');
  }

  private async tellAgreed(msisdn: string, row: LinkedRow): Promise<void> {
    const agreement = await this.store.find(row.agreement_id);
    if (!agreement) return;
    const payer = this.numbers.open(agreement.msisdn_sealed);
    const params = { who: row.nickname, number: row.msisdn_masked, month: shortYuan(row.limit_month) };
    await this.sms.send(payer, 'consent_given', params, `agreed-${row.id}`);
    await this.sms.send(msisdn, 'consent_thanks', { payer: agreement.msisdn_masked }, `thanks-${row.id}`);
  }
}
