import { Inject, Injectable } from '@nestjs/common';
import type { GatewayConfig } from '../gateway.config';
import { PersonNumbers } from '../notifications/person-number';
import { SmsSender } from '../notifications/sms-sender';
import { shortYuan } from '../notifications/sms-words';
import { Tell } from '../payments/tell';
import { CONFIG } from '../platform';
import { linkedNumberView } from './agreement.view';
import { AgreementsStore, type LinkedRow } from './agreements.store';
import { ConsentCodes } from './consent-codes';

/** The asked number's own reply: its code agrees, PB says no to all and stops what was agreed. */
@Injectable()
export class AnswerConsent {
  constructor(
    private readonly store: AgreementsStore,
    private readonly codes: ConsentCodes,
    private readonly numbers: PersonNumbers,
    private readonly sms: SmsSender,
    private readonly teller: Tell,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** @returns whether the code belongs to an open question of this number */
  async agree(msisdn: string, code: string): Promise<boolean> {
    const blind = this.numbers.blind(msisdn);
    const hash = this.codes.hash(blind, code);
    const open = [...(await this.store.asked(blind)), ...(await this.store.activeFor(blind))];
    const row = open.find((asked) => asked.code_hash === hash);
    if (!row) return false;
    const moved = await this.store.moveLinked(row.id, 'pending_consent', 'active');
    // Also when it stood already: a reply that is taken up again after a crash must still be answered, once.
    await this.tellAgreed(msisdn, row);
    if (moved) await this.event(row, 'active');
    return true;
  }

  /** @returns whether there was anything to refuse or stop */
  async refuse(msisdn: string): Promise<boolean> {
    const blind = this.numbers.blind(msisdn);
    const asked = await this.store.asked(blind);
    const active = await this.store.activeFor(blind);
    for (const row of asked) {
      if (await this.store.moveLinked(row.id, 'pending_consent', 'refused')) await this.event(row, 'refused');
    }
    for (const row of active)
      if (await this.store.moveLinked(row.id, 'active', 'refused')) await this.event(row, 'refused');
    return asked.length + active.length > 0;
  }

  private async tellAgreed(msisdn: string, row: LinkedRow): Promise<void> {
    const agreement = await this.store.find(row.agreement_id);
    if (!agreement) return;
    const payer = this.numbers.open(agreement.msisdn_sealed);
    const params = { who: row.nickname, number: row.msisdn_masked, month: shortYuan(row.limit_month) };
    await this.sms.send(payer, 'consent_given', params, `agreed-${row.id}`);
    await this.sms.send(msisdn, 'consent_thanks', { payer: agreement.msisdn_masked }, `thanks-${row.id}`);
  }

  private async event(row: LinkedRow, state: 'active' | 'refused'): Promise<void> {
    if (row.partner === '') return;
    await this.teller.tell({
      do: 'event',
      partner: row.partner,
      objectId: row.id,
      sequence: row.version + 1,
      type: `linked_number.${state}`,
      previousState: row.state,
      body: JSON.stringify(linkedNumberView({ ...row, state }, this.config.livemode)),
    });
  }
}
