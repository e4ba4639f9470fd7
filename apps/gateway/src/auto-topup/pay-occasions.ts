import { Inject, Injectable } from '@nestjs/common';
import { Problem, type ErrorCode } from '@yidian/errors';
import { toJson } from '@yidian/money';
import { AgreementsStore } from '../agreements/agreements.store';
import { PersonNumbers } from '../notifications/person-number';
import { shortYuan } from '../notifications/sms-words';
import { beijingDay } from '../payments/beijing';
import { CreatePayment } from '../payments/create-payment';
import { attemptNumber, numberOf } from '../payments/numbers';
import type { PaymentRow } from '../payments/payment.rows';
import type { Origin } from '../payments/payment.schema';
import { PaymentsReadStore } from '../payments/payments-read.store';
import { LOGGER, type Logger } from '../platform';
import { Providers } from '../providers/providers';
import { occasionKey, type AutoRuleRow, type OccasionRow } from './auto.rows';
import { AutoStore } from './auto.store';
import { BatchesStore } from './batches.store';
import { CheckRules } from './check-rules';
import { AutoPayees } from './payee';
import { RefusedOccasions } from './refused-occasions';

const LEASE_MS = 60_000;
const ASK_MS = 15_000;
const AWAY_MS = 5 * 60_000;

/** Nothing is wrong with the order: it is sent again later, under the same key. */
const LATER: readonly ErrorCode[] = ['busy', 'provider_down', 'maintenance', 'rate_limited', 'internal', 'billing_run'];
/** What the rule was set for is gone. */
const GONE: readonly ErrorCode[] = [
  ...(['number_unknown', 'number_closed', 'number_ported_out', 'number_owner_changed'] as const),
  ...(['consent_missing', 'not_found'] as const),
];

/**
 * Promise: an occasion whose time has come is one payment. The intent (sum and key) is committed before the payment is
 * ordered; whoever dies between the two, and whoever takes it up at the same time, orders under the same key.
 */
@Injectable()
export class PayOccasions {
  constructor(
    private readonly store: AutoStore,
    private readonly payees: AutoPayees,
    private readonly rules: CheckRules,
    private readonly create: CreatePayment,
    private readonly payments: PaymentsReadStore,
    private readonly agreements: AgreementsStore,
    private readonly refused: RefusedOccasions,
    private readonly batches: BatchesStore,
    private readonly providers: Providers,
    private readonly numbers: PersonNumbers,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async sweep(now: Date = new Date()): Promise<void> {
    for (const state of ['noticed', 'paying'] as const)
      for (const row of await this.store.dueOccasions(state, 100)) await this.take(row, now);
  }

  private async take(row: OccasionRow, now: Date): Promise<void> {
    const until = new Date(now.getTime() + LEASE_MS);
    if (!(await this.store.claim(row, until))) return;
    const rule = await this.store.rule(row.rule_id);
    if (!rule) throw new Error('an occasion without its rule');
    try {
      const intended = row.state === 'noticed' ? await this.intend(row, rule, now) : row;
      if (intended) await this.pay({ ...intended, due_at: until }, rule, now);
    } catch (err) {
      this.logger.warn({ err, occasion: row.id }, 'an automatic top-up waits for its next turn');
    }
  }

  /** Looks once more, and commits what will be paid. @returns null when nothing will be, now */
  private async intend(row: OccasionRow, rule: AutoRuleRow, now: Date): Promise<OccasionRow | null> {
    const end = async (to: 'given_up' | 'not_needed', what: string) => {
      await this.store.move(row, rule, { to, code: to }, { decision: { state: to, what, amount: row.amount } });
      return null;
    };
    if (rule.state !== 'active') return end('given_up', `the rule is ${rule.state}`);
    const payee = await this.payees.of(rule);
    if (payee === 'busy') return null;
    if ('gone' in payee) {
      await this.store.moveRule(rule, 'ended', { decision: { state: 'ended', what: payee.gone, amount: null } });
      return null;
    }
    const { month } = await this.store.used(rule.id, row.day);
    const left = rule.month_cap - (month - row.amount);
    let amount = row.amount;
    if (rule.kind === 'threshold') {
      const sized = await this.rules.size(rule, payee.found, left, now);
      if (sized === null) return null;
      if (!('topUp' in sized))
        return end('not_needed', sized.none === 'cap' ? "over the month's cap" : 'it has enough');
      amount = sized.topUp;
    } else if (amount > left) return end('not_needed', "over the month's cap");
    const what = `try ${row.try_no}: ${shortYuan(amount)} yuan`;
    const card = await this.batchCard(rule);
    const change = { to: 'paying', amount, day: beijingDay(now), dueAt: now, card } as const;
    const moved = await this.store.move(row, rule, change, { decision: { state: 'paying', what, amount } });
    if (!moved) return null;
    const intended: OccasionRow = { ...row, ...card, state: 'paying', amount, day: beijingDay(now), due_at: now };
    return (await this.store.claim(intended, new Date(now.getTime() + LEASE_MS))) ? intended : null;
  }

  private async pay(row: OccasionRow, rule: AutoRuleRow, now: Date): Promise<void> {
    const payment =
      row.payment_no === null ? await this.order(row, rule, now) : await this.payments.find(row.payment_no);
    if (payment) await this.follow(row, rule, payment, now);
  }

  private async order(row: OccasionRow, rule: AutoRuleRow, now: Date): Promise<PaymentRow | undefined> {
    const agreement = row.agreement_id ?? rule.agreement_id;
    try {
      const { body } = await this.create.execute({
        origin: originOf(this.numbers.open(rule.payer_sealed), row.by_batch ? 'batch' : 'auto'),
        idempotencyKey: occasionKey(row),
        body: {
          number: this.numbers.open(rule.msisdn_sealed),
          amount: toJson(row.amount),
          currency: 'CNY',
          funding: { type: 'agreement', ...(agreement ? { agreement } : {}) },
        },
        source: row.id,
      });
      const paymentNo = numberOf('pay', body.id);
      if (paymentNo === null) return undefined;
      const payment = await this.payments.find(paymentNo);
      if (payment && row.by_batch) await this.putInBatch(payment);
      await this.store.paid(row.id, paymentNo);
      return payment;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      await this.notOrdered(row, rule, error.code, now);
      return undefined;
    }
  }

  /** It waits for its file from now on; whoever dies before has it put there when the occasion is taken up again. */
  private async putInBatch(payment: PaymentRow): Promise<void> {
    await this.batches.wait({
      ...{ attempt_no: attemptNumber(payment.payment_no, 1), payment_no: payment.payment_no },
      ...{ provider: payment.provider, agreement_id: payment.agreement_id ?? '', amount: payment.charged },
    });
  }

  /** What is made once a month may go in a file, where the payer's bank takes files. */
  private async batchCard(rule: AutoRuleRow): Promise<Pick<OccasionRow, 'agreement_id' | 'by_batch'>> {
    const online = { agreement_id: null, by_batch: 0 };
    if (rule.kind !== 'calendar') return online;
    const active = (await this.agreements.ofNumber(rule.payer_blind)).filter(({ state }) => state === 'active');
    const card = active.find(({ id }) => rule.agreement_id === null || id === rule.agreement_id);
    if (!card || !this.providers.find(card.provider)?.connector.batches) return online;
    return { agreement_id: card.id, by_batch: 1 };
  }

  /** Refused before anything was asked of a bank. */
  private async notOrdered(row: OccasionRow, rule: AutoRuleRow, code: ErrorCode, now: Date): Promise<void> {
    if (LATER.includes(code)) return this.store.postpone(row, new Date(now.getTime() + AWAY_MS));
    if (GONE.includes(code)) return this.refused.gone(row, rule, code);
    if (code === 'agreement_not_active') {
      const until = await this.restsUntil(rule);
      if (until) return this.refused.rests(row, rule, until);
    }
    await this.refused.execute(row, rule, code, now);
  }

  private async restsUntil(rule: AutoRuleRow): Promise<Date | null> {
    const all = await this.agreements.ofNumber(rule.payer_blind);
    const mine = rule.agreement_id === null ? all : all.filter(({ id }) => id === rule.agreement_id);
    const dates = mine.flatMap(({ state, frozen_until: until }) => (state === 'frozen' && until ? [until] : []));
    return dates.sort((a, b) => a.getTime() - b.getTime())[0] ?? null;
  }

  private async follow(row: OccasionRow, rule: AutoRuleRow, payment: PaymentRow, now: Date): Promise<void> {
    switch (payment.state) {
      case 'completed':
      case 'partially_refunded':
        if (
          await this.store.move(
            row,
            rule,
            { to: 'done' },
            { decision: { state: 'done', what: `payment ${payment.payment_no}`, amount: row.amount } },
          )
        )
          await this.store.tried(rule, true);
        return;
      case 'declined':
        return this.refused.execute(row, rule, payment.decline_code ?? 'declined', now);
      case 'closed':
      case 'rejected':
      case 'refunded':
      case 'reversed':
      case 'returned':
        return this.refused.execute(row, rule, payment.state, now);
      default:
        return this.store.postpone(row, new Date(now.getTime() + (row.by_batch ? AWAY_MS : ASK_MS)));
    }
  }
}

function originOf(payer: string, channel: 'auto' | 'batch'): Origin {
  return { channel, partner: '', collectsAs: null, acquiringBranch: '', exposureLimit: null, payer };
}
