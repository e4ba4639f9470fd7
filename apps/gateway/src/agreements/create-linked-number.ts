import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { newId } from '@yidian/http';
import { fromJson } from '@yidian/money';
import { newCode } from '@yidian/security';
import type { GatewayConfig } from '../gateway.config';
import { PersonNumbers } from '../notifications/person-number';
import { SmsSender } from '../notifications/sms-sender';
import { BillingClient, type FoundNumber } from '../payments/billing.client';
import { KeptAnswers, KeySeen, scopeOf } from '../payments/kept-answers';
import { PaymentDoor } from '../payments/payment-door';
import type { Answer, Keyed, Origin } from '../payments/payment.schema';
import type { Guard } from '../payments/rule-create';
import { CONFIG } from '../platform';
import { BlocksStore } from '../risk/blocks.store';
import { ConsentCodes } from './consent-codes';
import { linkedNumberView } from './agreement.view';
import type { CreateLinkedNumberRequest, LinkedNumberView } from './agreement.schema';
import { AgreementsStore, insertRow, type AgreementRow, type LinkedRow } from './agreements.store';

const CONSENT_LIVES_MS = 24 * 3600 * 1000;

/** Adds a number that the main number may pay for; it can be paid for only after that number has agreed by SMS. */
@Injectable()
export class CreateLinkedNumber {
  constructor(
    private readonly answers: KeptAnswers,
    private readonly door: PaymentDoor,
    private readonly store: AgreementsStore,
    private readonly billing: BillingClient,
    private readonly numbers: PersonNumbers,
    private readonly sms: SmsSender,
    private readonly codes: ConsentCodes,
    private readonly blocks: BlocksStore,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  execute(command: Keyed<CreateLinkedNumberRequest>): Promise<Answer<LinkedNumberView>> {
    const { origin, idempotencyKey: key, body } = command;
    const scope = scopeOf(origin, origin.payer === null ? null : this.numbers.blind(origin.payer));
    return this.answers.execute(
      { scope, key, kind: 'linked_number', body },
      {
        first: (guard) => this.create(command, guard),
        current: async (id) => this.answer(await this.store.findLinked(id)),
      },
    );
  }

  private async create(
    { origin, body }: Keyed<CreateLinkedNumberRequest>,
    guard: Guard,
  ): Promise<Answer<LinkedNumberView>> {
    const agreement = await this.agreementOf(origin, body.agreement);
    const found = await this.billing.lookUp(body.number);
    if (found.status === 'closed') throw new Problem('number_closed');
    const blind = this.numbers.blind(body.number);
    const before = await this.store.linkedFor(agreement.id, blind);
    // Asked once; who said no, or stop, is not asked again by the same payer.
    const again = before?.state === 'ended' || (before?.state === 'pending_consent' && before.expires_at < new Date());
    if (blind === agreement.msisdn_blind || (before && !again)) throw new Problem('state_conflict');
    if (await this.blocks.stands('consent', blind, agreement.msisdn_blind)) throw new Problem('consent_blocked');
    const most = this.config.MOST_LINKED;
    if ((await this.store.countLinked(agreement.msisdn_blind)) >= most)
      throw new Problem('linked_numbers_full', { detail: `One number may have ${most} linked.` });
    const code = await this.freshCode(blind);
    const row = this.row(agreement, body, found, code);
    const kept = await this.door.begin({
      do: 'object',
      guard: { ...guard, object_id: row.id },
      statements: [insertRow('linked_number', row)],
    });
    if (kept.result === 'seen') throw new KeySeen(kept.key);
    await this.sms.send(body.number, 'consent_asked', { payer: agreement.msisdn_masked, code }, `consent-${row.id}`);
    return this.answer(row);
  }

  private async agreementOf(origin: Origin, id: string): Promise<AgreementRow> {
    const agreement = await this.store.find(id);
    const mine =
      origin.payer === null
        ? agreement?.partner === origin.partner
        : agreement?.msisdn_blind === this.numbers.blind(origin.payer);
    if (!agreement || !mine) throw new Problem('not_found');
    if (agreement.state !== 'active') throw new Problem('agreement_not_active');
    return agreement;
  }

  /** Several payers may ask one number at once: each question has a code of its own. */
  private async freshCode(blind: string): Promise<string> {
    const taken = new Set((await this.store.asked(blind)).map((row) => row.code_hash));
    for (;;) {
      const code = newCode(4);
      if (!taken.has(this.codes.hash(blind, code))) return code;
    }
  }

  private row(agreement: AgreementRow, body: CreateLinkedNumberRequest, found: FoundNumber, code: string): LinkedRow {
    const number = this.numbers.keep(body.number);
    const now = new Date();
    return {
      id: newId('lnk'),
      agreement_id: agreement.id,
      partner: agreement.partner,
      state: 'pending_consent',
      msisdn_masked: number.masked,
      msisdn_blind: number.blind,
      msisdn_sealed: number.sealed,
      payer_blind: agreement.msisdn_blind,
      subscriber_id: found.subscriberId,
      branch: found.branch.code,
      branch_name: found.branch.nameZh,
      nickname: body.nickname,
      limit_month: body.limits ? fromJson(body.limits.month) : agreement.limit_month,
      currency: 'CNY',
      code_hash: this.codes.hash(number.blind, code),
      sent_at: now,
      expires_at: new Date(now.getTime() + CONSENT_LIVES_MS),
      created_at: now,
      updated_at: now,
      version: 0,
      cooling_until: null,
      cooling_limit: null,
    };
  }

  private answer(row: LinkedRow | undefined): Answer<LinkedNumberView> {
    if (!row) throw new Problem('internal');
    return { status: 201, body: linkedNumberView(row, this.config.livemode), replayed: false };
  }
}
