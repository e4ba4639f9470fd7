import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import type { GatewayConfig } from '../gateway.config';
import { PersonNumbers } from '../notifications/person-number';
import { BillingClient } from '../payments/billing.client';
import { KeptAnswers, KeySeen, RefusedLater, scopeOf } from '../payments/kept-answers';
import { PaymentDoor } from '../payments/payment-door';
import type { Answer, Keyed } from '../payments/payment.schema';
import type { Guard } from '../payments/rule-create';
import { CONFIG } from '../platform';
import { Providers } from '../providers/providers';
import { agreementView } from './agreement.view';
import type { AccountCheckOrder, AgreementView } from './agreement.schema';
import { AgreementsStore, insertRow, type AgreementRow } from './agreements.store';
import { ApplyAgreement } from './apply-agreement';
import { limitsOf } from './create-agreement';
import { NewAgreement } from './new-agreement';

/**
 * Signs on our own page: the bank compares account, holder and identity card, and sends a code to the telephone it knows.
 * What the payer gives of himself goes to the bank and nowhere else: no row, no log and no kept key holds it.
 */
@Injectable()
export class CheckAccount {
  constructor(
    private readonly answers: KeptAnswers,
    private readonly door: PaymentDoor,
    private readonly store: AgreementsStore,
    private readonly providers: Providers,
    private readonly billing: BillingClient,
    private readonly fresh: NewAgreement,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    private readonly numbers: PersonNumbers,
  ) {}

  execute(command: Keyed<AccountCheckOrder>): Promise<Answer<AgreementView>> {
    const { origin, idempotencyKey: key, body } = command;
    const scope = scopeOf(origin, origin.payer === null ? null : this.numbers.blind(origin.payer));
    // A hash of an account could be guessed: what is kept of the request is which number signs where.
    const asked = { number: body.number, provider: body.provider, limits: body.limits };
    return this.answers.execute(
      { scope, key, kind: 'agreement', body: asked },
      { first: (guard) => this.check(command, guard), current: (id) => this.answer(id) },
    );
  }

  private async check({ origin, body }: Keyed<AccountCheckOrder>, guard: Guard): Promise<Answer<AgreementView>> {
    const { connector } = this.providers.forNewMoney(body.provider, 'agreement');
    if (!connector.capabilities.agreement?.check) throw new Problem('provider_unknown');
    const found = await this.billing.lookUp(body.number);
    if (found.status === 'closed') throw new Problem('number_closed');
    const { partner } = origin;
    const row = this.fresh.row(body.number, limitsOf(body.limits), {
      ...{ partner, provider: body.provider, branch: found.branch.code },
    });
    const kept = await this.door.begin({
      do: 'object',
      guard: { ...guard, object_id: row.id },
      statements: [insertRow('agreement', row)],
    });
    if (kept.result === 'seen') throw new KeySeen(kept.key);
    const { account, holder, id_number: idNumber, phone } = body;
    const { id: agreementNo, msisdn_masked: numberMasked, msisdn_blind: blind } = row;
    const limits = { payment: row.limit_payment, day: row.limit_day, month: row.limit_month, currency: row.currency };
    const asked = { agreementNo, numberMasked, blind, account, holder, idNumber, phone: phone ?? '', limits };
    const answer = await connector.checkAccount(asked);
    if (answer.outcome === 'declined' || answer.outcome === 'not_executed') {
      const why = answer.outcome === 'declined' ? answer.reason : answer.cause;
      await this.store.end(row.id, `account check: ${why}`);
      const code = answer.outcome === 'declined' ? 'account_check_failed' : 'provider_down';
      throw new RefusedLater(new Problem(code, answer.outcome === 'declined' ? {} : { retryAfter: 30 }));
    }
    return this.answer(row.id);
  }

  private async answer(id: string): Promise<Answer<AgreementView>> {
    const row = await this.store.find(id);
    if (!row) throw new Problem('internal');
    return { status: 201, body: agreementView(row, this.config.livemode), replayed: false };
  }
}

/** The code that the bank has sent: the payer gives it here, the bank says whether it is the one. */
@Injectable()
export class ConfirmAccount {
  constructor(
    private readonly store: AgreementsStore,
    private readonly providers: Providers,
    private readonly apply: ApplyAgreement,
    private readonly numbers: PersonNumbers,
  ) {}

  /** @throws Problem not_found, code_wrong, account_check_failed; without an answer the agreement stays as it is */
  async execute(msisdn: string, id: string, code: string): Promise<AgreementRow> {
    const row = await this.store.find(id);
    if (row?.msisdn_blind !== this.numbers.blind(msisdn)) throw new Problem('not_found');
    if (row.state !== 'pending') return row;
    const { connector } = this.providers.get(row.provider);
    const answer = await connector.confirmAccount({ agreementNo: row.id, agreementRef: '' }, code);
    if (answer.outcome === 'pending') throw new Problem('code_wrong');
    if (answer.outcome === 'not_executed') throw new Problem('provider_down', { retryAfter: 30 });
    await this.apply.apply(row, answer, `code of ${row.provider}`);
    if (answer.outcome === 'ended') throw new Problem('account_check_failed');
    return (await this.store.find(id)) ?? row;
  }
}
