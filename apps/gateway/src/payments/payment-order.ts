import { Injectable } from '@nestjs/common';
import { Problem, type ErrorCode } from '@yidian/errors';
import { fromDigits, fromJson } from '@yidian/money';
import { maskAccount } from '@yidian/security';
import { AgreementsStore, type AgreementRow, type LinkedRow } from '../agreements/agreements.store';
import { PersonNumbers, type KeptNumber } from '../notifications/person-number';
import { Providers } from '../providers/providers';
import { BillingClient, type FoundNumber } from './billing.client';
import { NumberTokens } from './number-token';
import { attemptNumber, numberOf } from './numbers';
import { dayOf, type AttemptRow, type PaymentDetail, type PaymentRow } from './payment.rows';
import type { CreatePaymentRequest, Keyed, Origin } from './payment.schema';

/** A payment as any door orders it; customers' doors have no reference of their own. */
export type PaymentOrder = Omit<CreatePaymentRequest, 'reference'> & {
  reference?: string;
};

interface Funds {
  provider: string;
  payer: KeptNumber | null;
  payerKey: string;
  agreement: AgreementRow | null;
  linked: LinkedRow | null;
  branch: string;
}

/** Judges an order before anything is written and lays out its rows: whose number, whose money, which sum. */
@Injectable()
export class PaymentOrders {
  constructor(
    private readonly billing: BillingClient,
    private readonly numbers: PersonNumbers,
    private readonly tokens: NumberTokens,
    private readonly agreements: AgreementsStore,
    private readonly providers: Providers,
  ) {}

  /** @throws Problem for every order that may not be carried out; nothing was written */
  async prepare(
    { origin, body, source }: Keyed<PaymentOrder>,
    paymentNo: string,
  ): Promise<{ payment: PaymentRow; attempt: AttemptRow | null }> {
    const amount = fromJson(body.amount);
    const target = this.numbers.keep(body.number);
    const found = await this.billing.payee(body.number);
    this.assertOwner(body, target, found);
    assertNumber(found, body.funding.type === 'collected');
    assertAmount(found, amount);
    const funds = await this.funds(origin, body, target, found);
    const payment = this.row(paymentNo, amount, { origin, body, target, found, funds });
    payment.detail = JSON.stringify(detailOf(body, source));
    return { payment, attempt: body.funding.type === 'collected' ? null : attemptOf(payment) };
  }

  private assertOwner(body: PaymentOrder, target: KeptNumber, found: FoundNumber): void {
    if (body.number_query === undefined) return;
    const seen = this.tokens.read(body.number_query, target.blind, new Date());
    if (seen.subscriberId !== found.subscriberId || seen.ownerVersion !== found.ownerVersion) {
      throw new Problem('number_owner_changed');
    }
  }

  private async funds(origin: Origin, body: PaymentOrder, target: KeptNumber, found: FoundNumber): Promise<Funds> {
    const { funding } = body;
    const payer = origin.payer === null ? null : this.numbers.keep(origin.payer);
    const none = { agreement: null, linked: null };
    if (funding.type === 'collected') {
      if (!origin.collectsAs) throw new Problem('provider_unknown', { detail: 'This partner collects nothing.' });
      const { row } = this.providers.get(origin.collectsAs);
      return {
        ...none,
        provider: row.code,
        payer: null,
        payerKey: `partner:${origin.partner}`,
        branch: origin.acquiringBranch,
      };
    }
    if (funding.type === 'cashier') {
      const { row } = this.providers.forNewMoney(funding.provider, 'cashier');
      const branch = origin.acquiringBranch || (await this.branchOf(origin.payer, found));
      const payerKey = payer?.blind ?? `partner:${origin.partner}`;
      return { ...none, provider: row.code, payer, payerKey, branch };
    }
    return this.agreementFunds(origin, funding.agreement, body, target, found);
  }

  /** The agreement pays for its own number, for numbers that consented, and, when its owner asks himself, for any. */
  private async agreementFunds(
    origin: Origin,
    id: string,
    body: PaymentOrder,
    target: KeptNumber,
    found: FoundNumber,
  ): Promise<Funds> {
    const agreement = await this.agreements.find(id);
    const payerBlind = origin.payer === null ? null : this.numbers.blind(origin.payer);
    const mine = payerBlind === null ? agreement?.partner === origin.partner : agreement?.msisdn_blind === payerBlind;
    if (!agreement || !mine) throw new Problem('not_found', { detail: 'No such agreement.' });
    if (agreement.state !== 'active') throw new Problem('agreement_not_active');
    const self = agreement.msisdn_blind === target.blind;
    const linked = self ? null : await this.agreements.linkedFor(agreement.id, target.blind);
    // Numbers are recycled: what the last owner agreed to does not bind the next.
    const consented = linked?.state === 'active' && linked.subscriber_id === found.subscriberId ? linked : null;
    if (!self && !consented && payerBlind === null) throw new Problem('consent_missing');
    const unseen = linked?.state === 'active' && !consented && body.number_query === undefined;
    if (unseen) throw new Problem('number_owner_changed');
    this.providers.forNewMoney(agreement.provider, 'debit');
    return {
      provider: agreement.provider,
      payer: { masked: agreement.msisdn_masked, blind: agreement.msisdn_blind, sealed: agreement.msisdn_sealed },
      payerKey: agreement.id,
      agreement,
      linked: consented,
      branch: origin.acquiringBranch || agreement.branch,
    };
  }

  private async branchOf(payer: string | null, target: FoundNumber): Promise<string> {
    return payer === null ? target.branch.code : (await this.billing.payee(payer)).branch.code;
  }

  private row(
    paymentNo: string,
    amount: bigint,
    from: { origin: Origin; body: PaymentOrder; target: KeptNumber; found: FoundNumber; funds: Funds },
  ): PaymentRow {
    const { origin, body, target, found, funds } = from;
    const { agreement, linked, payer } = funds;
    const now = new Date();
    return {
      payment_no: paymentNo,
      day: dayOf(paymentNo),
      state: 'created',
      credit_state: 'none',
      version: 0,
      partner: origin.partner,
      reference: body.reference ?? '',
      channel: origin.channel,
      provider: funds.provider,
      funding: body.funding.type,
      amount,
      charged: amount,
      refunded: 0n,
      currency: body.currency,
      msisdn_masked: target.masked,
      msisdn_blind: target.blind,
      msisdn_sealed: target.sealed,
      subscriber_id: found.subscriberId,
      owner_version: found.ownerVersion,
      branch: found.branch.code,
      acquiring_branch: funds.branch,
      payer_key: funds.payerKey,
      payer_blind: payer?.blind ?? null,
      payer_masked: payer?.masked ?? null,
      payer_sealed: payer?.sealed ?? null,
      agreement_id: agreement?.id ?? null,
      linked_id: linked?.id ?? null,
      nickname: linked?.nickname ?? null,
      account: agreement?.account_tail ? maskAccount(agreement.account_tail, agreement.bank_name) : null,
      provider_txn_id: '',
      business_date: null,
      book_date: null,
      decline_code: null,
      late: 0,
      credit_code: null,
      credit_at: null,
      balance_after: null,
      next_action: null,
      expires_at: null,
      replaces: replacedNumber(body),
      root_no: null,
      detail: '{}',
      tries: 0,
      due_at: null,
      last_query_at: null,
      created_at: now,
      updated_at: now,
    };
  }
}

function attemptOf(payment: PaymentRow): AttemptRow {
  return {
    attempt_no: attemptNumber(payment.payment_no, 1),
    day: payment.day,
    payment_no: payment.payment_no,
    provider: payment.provider,
    kind: payment.funding === 'cashier' ? 'cashier' : 'debit',
    state: 'prepared',
    amount: payment.charged,
    currency: payment.currency,
    provider_txn_id: '',
    code: null,
    not_found: 0,
    submitted_at: payment.created_at,
    ended_at: null,
  };
}

function detailOf(body: PaymentOrder, source: string | undefined): PaymentDetail {
  const { funding, metadata } = body;
  return {
    ...(metadata ? { metadata } : {}),
    ...(source ? { source } : {}),
    ...(funding.type === 'collected'
      ? { taken_at: funding.taken_at, ...(funding.teller ? { teller: funding.teller } : {}) }
      : {}),
  };
}

function replacedNumber(body: PaymentOrder): string | null {
  if (body.replaces === undefined) return null;
  const number = numberOf('pay', body.replaces);
  if (!number) throw fault('not_found', '/replaces', 'no such payment');
  return number;
}

/** Money that a partner has taken already is written down all the same: billing refuses it, and the partner returns it. */
function assertNumber(found: FoundNumber, collected: boolean): void {
  if (collected) return;
  if (found.status === 'closed') throw new Problem('number_closed');
  if (found.status === 'suspended' && found.suspendReason !== 'arrears') throw new Problem('number_suspended');
}

function assertAmount({ accepts }: FoundNumber, amount: bigint): void {
  const [min, max, step] = [fromDigits(accepts.min), fromDigits(accepts.max), fromDigits(accepts.step)];
  if (amount < min) throw fault('amount_below_minimum', '/amount', `must be at least ${min}; got ${amount}`);
  if (amount > max) throw fault('amount_above_maximum', '/amount', `must be at most ${max}; got ${amount}`);
  if (step > 0n && amount % step !== 0n)
    throw fault('amount_step', '/amount', `must be a multiple of ${step}; got ${amount}`);
}

function fault(code: ErrorCode, pointer: string, detail: string): Problem {
  return new Problem(code, { detail: `${pointer.slice(1)} ${detail}.`, errors: [{ pointer, code, detail }] });
}
