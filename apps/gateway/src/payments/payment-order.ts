import { Injectable } from '@nestjs/common';
import { Problem, type ErrorCode } from '@yidian/errors';
import { fromDigits, fromJson } from '@yidian/money';
import { maskAccount } from '@yidian/security';
import { PersonNumbers, type KeptNumber } from '../notifications/person-number';
import { ExplainRefusal } from '../risk/explain-refusal';
import { JudgePayment } from '../risk/judge-payment';
import { decisionOf, type DecisionRow } from '../routing/route';
import { BillingClient, type FoundNumber } from './billing.client';
import { NumberTokens } from './number-token';
import { attemptNumber, numberOf } from './numbers';
import { PaymentFunds, type Funds, type FundsQuestion, type Ways } from './payment-funds';
import { dayOf, type AttemptRow, type PaymentDetail, type PaymentRow } from './payment.rows';
import type { CreatePaymentRequest, Keyed, Origin } from './payment.schema';

/** A payment as any door orders it; customers' doors have no reference of their own. */
export type PaymentOrder = Omit<CreatePaymentRequest, 'reference'> & {
  reference?: string;
};

/** The rows of an order, the provider's call that will be made, and where else it may go. */
export interface PreparedOrder {
  payment: PaymentRow;
  attempt: AttemptRow | null;
  ways: Ways | null;
  decision: DecisionRow | null;
  waitUntil: Date | null;
}

/** Judges an order before anything is written and lays out its rows: whose number, whose money, which sum. */
@Injectable()
export class PaymentOrders {
  constructor(
    private readonly billing: BillingClient,
    private readonly numbers: PersonNumbers,
    private readonly tokens: NumberTokens,
    private readonly funds: PaymentFunds,
    private readonly risk: JudgePayment,
    private readonly why: ExplainRefusal,
  ) {}

  /** @throws Problem for every order that may not be carried out; nothing was written */
  async prepare(
    { origin, body, source, device: seen }: Keyed<PaymentOrder>,
    paymentNo: string,
  ): Promise<PreparedOrder> {
    const amount = fromJson(body.amount);
    const target = this.numbers.keep(body.number);
    const found = await this.billing.payee(body.number);
    this.assertOwner(body, target, found);
    assertNumber(found, body.funding.type === 'collected');
    assertAmount(found, amount);
    // What a partner has taken needs nobody's answer: no turn of the loop is waited for.
    const funds =
      body.funding.type === 'collected'
        ? this.funds.collected(origin)
        : await this.fundsOf({ origin, body, target, found }, amount);
    const device = body.device ?? seen;
    const judged = this.risk.execute({
      channel: origin.channel,
      partner: origin.partner,
      payer: funds.payer,
      target,
      agreementId: funds.agreement?.id ?? null,
      device: device ?? null,
      branch: found.branch.code,
      amount,
      collected: body.funding.type === 'collected',
    });
    if (judged) await judged;
    const detail = JSON.stringify(detailOf(body, source, device));
    const payment = this.row(paymentNo, amount, { origin, body, target, found, funds, detail });
    const { ways, waitUntil } = funds;
    const attempt = body.funding.type === 'collected' ? null : attemptOf(payment);
    return { payment, attempt, ways, decision: attempt && ways && decisionFor(attempt, ways), waitUntil };
  }

  /** Judged as it was written: over a limit with all that is under way, or no longer agreed to. */
  explain(code: ErrorCode, { payer_blind: payer, msisdn_blind: target, charged }: PaymentRow): Promise<void> {
    return this.why.execute(code, [payer, target], charged);
  }

  private async fundsOf(asked: FundsQuestion, amount: bigint): Promise<Funds> {
    try {
      return await this.funds.of(asked);
    } catch (error) {
      const { payer } = asked.origin;
      const about = [payer === null ? null : this.numbers.blind(payer), asked.target.blind];
      if (error instanceof Problem) await this.why.execute(error.code, about, amount);
      throw error;
    }
  }

  private assertOwner(body: PaymentOrder, target: KeptNumber, found: FoundNumber): void {
    if (body.number_query === undefined) return;
    const seen = this.tokens.read(body.number_query, target.blind, new Date());
    if (seen.subscriberId !== found.subscriberId || seen.ownerVersion !== found.ownerVersion) {
      throw new Problem('number_owner_changed');
    }
  }

  private row(
    paymentNo: string,
    amount: bigint,
    from: { origin: Origin; body: PaymentOrder; target: KeptNumber; found: FoundNumber; funds: Funds; detail: string },
  ): PaymentRow {
    const { origin, body, target, found, funds, detail } = from;
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
      detail,
      tries: 0,
      due_at: null,
      last_query_at: null,
      created_at: now,
      updated_at: now,
    };
  }
}

function decisionFor(attempt: AttemptRow, { route }: Ways): DecisionRow {
  const { attempt_no: attemptNo, payment_no: paymentNo, provider } = attempt;
  const why = route.order[0] === provider ? `first by ${route.by}` : "the payer's usual one";
  return decisionOf(route, { attemptNo, paymentNo, provider }, why, attempt.submitted_at);
}

function attemptOf(payment: PaymentRow): AttemptRow {
  return {
    attempt_no: attemptNumber(payment.payment_no, 1),
    day: payment.day,
    payment_no: payment.payment_no,
    provider: payment.provider,
    kind: payment.funding === 'cashier' ? 'cashier' : payment.channel === 'batch' ? 'batch' : 'debit',
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

function detailOf(body: PaymentOrder, source: string | undefined, device: string | undefined): PaymentDetail {
  const { funding, metadata } = body;
  const detail: PaymentDetail = {};
  if (metadata) detail.metadata = metadata;
  if (source) detail.source = source;
  if (device) detail.device = device;
  if (funding.type === 'collected') {
    detail.taken_at = funding.taken_at;
    if (funding.teller) detail.teller = funding.teller;
  }
  return detail;
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
  const [min, max, step] = [boundOf(accepts.min), boundOf(accepts.max), boundOf(accepts.step)];
  if (amount < min) throw fault('amount_below_minimum', '/amount', `must be at least ${min}; got ${amount}`);
  if (amount > max) throw fault('amount_above_maximum', '/amount', `must be at most ${max}; got ${amount}`);
  if (step > 0n && amount % step !== 0n)
    throw fault('amount_step', '/amount', `must be a multiple of ${step}; got ${amount}`);
}

const KEPT_BOUNDS = 256;
const bounds = new Map<string, bigint>();

/** A carrier's branches share a few bounds: each text is read once. */
function boundOf(text: string): bigint {
  const known = bounds.get(text);
  if (known !== undefined) return known;
  const bound = fromDigits(text);
  if (bounds.size === KEPT_BOUNDS) bounds.clear();
  bounds.set(text, bound);
  return bound;
}

function fault(code: ErrorCode, pointer: string, detail: string): Problem {
  return new Problem(code, { detail: `${pointer.slice(1)} ${detail}.`, errors: [{ pointer, code, detail }] });
}
