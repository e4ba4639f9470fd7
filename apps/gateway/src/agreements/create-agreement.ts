import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { fromJson } from '@yidian/money';
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
import type { AgreementView, CreateAgreementRequest } from './agreement.schema';
import { AgreementsStore, insertRow } from './agreements.store';
import { DEFAULT_LIMITS, FIRST_QUESTION_MS, NewAgreement, type Limits } from './new-agreement';

/** Customers' doors have no reference of their own. */
export type AgreementOrder = Omit<CreateAgreementRequest, 'reference'> & { reference?: string };

/** As asked for, else the usual ones. */
export function limitsOf(asked: CreateAgreementRequest['limits']): Limits {
  if (!asked) return DEFAULT_LIMITS;
  return { payment: fromJson(asked.payment), day: fromJson(asked.day), month: fromJson(asked.month) };
}

/** Binds a number to an account: the payer signs on the provider's own page, we learn bank and last four. */
@Injectable()
export class CreateAgreement {
  constructor(
    private readonly answers: KeptAnswers,
    private readonly door: PaymentDoor,
    private readonly store: AgreementsStore,
    private readonly providers: Providers,
    private readonly billing: BillingClient,
    private readonly numbers: PersonNumbers,
    private readonly fresh: NewAgreement,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  execute(command: Keyed<AgreementOrder>): Promise<Answer<AgreementView>> {
    const { origin, idempotencyKey: key, body } = command;
    const scope = scopeOf(origin, origin.payer === null ? null : this.numbers.blind(origin.payer));
    // A customer's way back is our own page: no part of what was asked, and it may move with the installation.
    const asked = origin.payer === null ? body : { ...body, return_url: undefined };
    return this.answers.execute(
      { scope, key, kind: 'agreement', body: asked },
      { first: (guard) => this.create(command, guard), current: (id) => this.answer(id) },
    );
  }

  private async create({ origin, body }: Keyed<AgreementOrder>, guard: Guard): Promise<Answer<AgreementView>> {
    const { connector } = this.providers.forNewMoney(body.provider, 'agreement');
    const found = await this.billing.lookUp(body.number);
    if (found.status === 'closed') throw new Problem('number_closed');
    const { partner } = origin;
    const row = this.fresh.row(body.number, limitsOf(body.limits), {
      ...{ partner, reference: body.reference ?? '', provider: body.provider, branch: found.branch.code },
    });
    const kept = await this.door.begin({
      do: 'object',
      guard: { ...guard, object_id: row.id },
      statements: [insertRow('agreement', row)],
    });
    if (kept.result === 'seen') throw new KeySeen(kept.key);
    const answer = await connector.startAgreement({
      agreementNo: row.id,
      numberMasked: row.msisdn_masked,
      blind: row.msisdn_blind,
      returnUrl: body.return_url,
      limits: { payment: row.limit_payment, day: row.limit_day, month: row.limit_month, currency: row.currency },
    });
    if (answer.outcome === 'not_executed') {
      await this.store.end(row.id, `surely not asked: ${answer.cause}`);
      throw new RefusedLater(new Problem('provider_down', { retryAfter: 30 }));
    }
    if (answer.outcome === 'started') {
      const { signUrl: url, form, expiresAt } = answer;
      const where = form ? { type: 'post_form', url, form } : { type: 'redirect', url };
      const action = { ...where, expires_at: expiresAt.toISOString() };
      const dueAt = new Date(Date.now() + FIRST_QUESTION_MS);
      await this.store.setNextAction(row.id, JSON.stringify(action), answer.expiresAt, dueAt);
    }
    return this.answer(row.id);
  }

  private async answer(id: string): Promise<Answer<AgreementView>> {
    const row = await this.store.find(id);
    if (!row) throw new Problem('internal');
    const body = agreementView(row, this.config.livemode);
    const asked = row.state !== 'pending' || body.next_action !== null;
    return asked ? { status: 201, body, replayed: false } : { status: 202, body, replayed: false, retryAfter: 5 };
  }
}

@Injectable()
export class FindAgreement {
  constructor(
    private readonly store: AgreementsStore,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async byId(origin: { partner: string }, id: string): Promise<AgreementView> {
    const row = await this.store.find(id);
    if (!row || origin.partner === '' || row.partner !== origin.partner) throw new Problem('not_found');
    return agreementView(row, this.config.livemode);
  }
}
