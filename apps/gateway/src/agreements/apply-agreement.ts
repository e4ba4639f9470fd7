import { Inject, Injectable } from '@nestjs/common';
import type { AgreementAnswer } from '@yidian/connectors/contract';
import type { GatewayConfig } from '../gateway.config';
import { PersonNumbers } from '../notifications/person-number';
import { SmsSender } from '../notifications/sms-sender';
import { payWords, shortYuan } from '../notifications/sms-words';
import { Tell } from '../payments/tell';
import { CONFIG } from '../platform';
import { Providers } from '../providers/providers';
import { accountOf, agreementView } from './agreement.view';
import { AgreementsStore, type AgreementRow } from './agreements.store';

/** What the provider says of an agreement, by callback or by query: the first to tell moves it, the rest are no-ops. */
@Injectable()
export class ApplyAgreement {
  constructor(
    private readonly store: AgreementsStore,
    private readonly providers: Providers,
    private readonly numbers: PersonNumbers,
    private readonly sms: SmsSender,
    private readonly teller: Tell,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Only its own provider may speak about an agreement. */
  async told(provider: string, id: string, answer: AgreementAnswer): Promise<void> {
    const row = await this.store.find(id);
    if (row?.provider === provider) await this.apply(row, answer);
  }

  async ask(row: AgreementRow): Promise<void> {
    const { connector } = this.providers.get(row.provider);
    await this.apply(row, await connector.queryAgreement({ agreementNo: row.id, agreementRef: '' }));
  }

  private async apply(row: AgreementRow, answer: AgreementAnswer): Promise<void> {
    if (answer.outcome === 'active') {
      const { agreementRef, accountTail, bankName } = answer;
      const refSealed = this.numbers.sealText(agreementRef);
      if (await this.store.activate(row.id, { refSealed, accountTail, bankName })) await this.tellActive(row.id);
    } else if (answer.outcome === 'ended') {
      if (await this.store.end(row.id)) await this.event(row.id, 'agreement.ended', row.state);
    } else if (answer.outcome === 'pending' && row.expires_at.getTime() + GRACE_MS < Date.now()) {
      if (await this.store.end(row.id)) await this.event(row.id, 'agreement.ended', row.state);
    }
  }

  private async tellActive(id: string): Promise<void> {
    const row = await this.store.find(id);
    if (!row) return;
    const params = {
      pay: payWords(accountOf(row)),
      limit: shortYuan(row.limit_payment),
      month: shortYuan(row.limit_month),
    };
    await this.sms.send(this.numbers.open(row.msisdn_sealed), 'bound', params, `bound-${row.id}`);
    await this.event(id, 'agreement.active', 'pending');
  }

  private async event(id: string, type: string, previousState: string): Promise<void> {
    const row = await this.store.find(id);
    if (!row || row.partner === '') return;
    const body = JSON.stringify(agreementView(row, this.config.livemode));
    await this.teller.tell({
      do: 'event',
      partner: row.partner,
      objectId: id,
      sequence: row.version,
      type,
      previousState,
      body,
    });
  }
}

/** A signature may arrive a little after the page's time. */
const GRACE_MS = 10 * 60_000;
