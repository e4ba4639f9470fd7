import { Inject, Injectable } from '@nestjs/common';
import type { ProviderEvent } from '@yidian/connectors/contract';
import { ApplyAgreement } from '../agreements/apply-agreement';
import { LOGGER, type Logger } from '../platform';
import type { CallbackRow } from '../providers/callbacks.store';
import { CallbacksStore } from '../providers/callbacks.store';
import { Providers } from '../providers/providers';
import { nextDue } from './ladder';
import { PaymentFlow } from './payment-flow';
import type { AttemptRow, PaymentRow, RefundRow } from './payment.rows';
import { PaymentsReadStore } from './payments-read.store';
import { RefundSteps } from './refund-steps';
import { ReturnSteps } from './return-steps';

/** Gives a stored callback its meaning: once, whoever takes it up; a second copy finds the state moved already. */
@Injectable()
export class ApplyCallback {
  constructor(
    private readonly inbox: CallbacksStore,
    private readonly providers: Providers,
    private readonly store: PaymentsReadStore,
    private readonly flow: PaymentFlow,
    private readonly refunds: RefundSteps,
    private readonly returns: ReturnSteps,
    private readonly agreements: ApplyAgreement,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** All that are due. */
  async sweep(now: Date = new Date()): Promise<void> {
    for (const row of await this.inbox.due(200)) await this.take(row, now);
  }

  /** One that has just been stored; nothing if somebody else was faster. */
  async ring(provider: string, eventId: string): Promise<void> {
    const row = await this.inbox.find(provider, eventId);
    if (row) await this.take(row, new Date());
  }

  /** Once more by hand, outside the ladder. */
  async again(provider: string, eventId: string): Promise<void> {
    const row = await this.inbox.revive(provider, eventId);
    if (row) await this.take(row, new Date());
  }

  /** People have looked after what it says. */
  async dismiss(provider: string, eventId: string): Promise<void> {
    await this.inbox.finish({ provider, event_id: eventId }, 'done', 'settled by hand');
  }

  private async take(row: CallbackRow, now: Date): Promise<void> {
    const next = nextDue(now, row.tries);
    if (!(await this.inbox.claim(row, next))) return;
    try {
      const note = await this.apply(row);
      await this.inbox.finish(row, note === 'applied' || note === OF_NO_USE ? 'done' : 'failed', note);
    } catch (err) {
      this.logger.warn({ err, provider: row.provider, eventId: row.event_id }, 'a callback waits for its next try');
    }
  }

  private async apply(row: CallbackRow): Promise<string> {
    const event = this.providers.get(row.provider).connector.callbacks.read(row.body);
    if (!event) return OF_NO_USE;
    const evidence = `callback ${row.event_id}`;
    switch (event.type) {
      case 'debit':
        return this.debit(row.provider, event, evidence);
      case 'refund':
        return this.refund(row.provider, event, evidence);
      case 'return':
        return this.returned(row.provider, event, evidence);
      case 'agreement':
        await this.agreements.told(row.provider, event.orderNo, event.answer, event.offered);
        return 'applied';
    }
  }

  /** A provider speaks for its own orders only. */
  private async debit(
    provider: string,
    event: Extract<ProviderEvent, { type: 'debit' }>,
    evidence: string,
  ): Promise<string> {
    const attempt = /^\d{22}$/.test(event.orderNo) ? await this.store.attempt(event.orderNo) : undefined;
    const payment = attempt?.provider === provider ? await this.store.find(attempt.payment_no) : undefined;
    if (!attempt || !payment) return 'no such order of this provider';
    await this.flow.afterMoney(await this.flow.attempts.hear(payment, attempt, event.answer, evidence));
    return 'applied';
  }

  /** Money taken back: its sum may be a part of what was paid, but never more, nor of another currency. */
  private async returned(
    provider: string,
    event: Extract<ProviderEvent, { type: 'return' }>,
    evidence: string,
  ): Promise<string> {
    const original = await this.originalOf(provider, event);
    if (!original) return 'no such order of this provider';
    const { payment, second } = original;
    const { amount, currency, providerTxnId, businessDate, completedAt } = event.answer;
    if (amount <= 0n || amount > (second?.amount ?? payment.charged) || currency !== payment.currency)
      return 'a return of another sum than was paid';
    const heard = {
      ...{ providerTxnId, amount, currency, businessDate, evidence },
      reason: event.reason,
      actor: provider,
      occurredAt: completedAt,
      byResolution: null,
    };
    const told = await this.returns.hear(payment, heard, second);
    if (!told) throw new Error('the return could not be written');
    return 'applied';
  }

  /**
   * By our number where it is repeated, else by the provider's own name of what it took. `second`: the payment stands on
   * another attempt than the one that is named.
   */
  private async originalOf(
    provider: string,
    { orderNo, origTxnId = '' }: Extract<ProviderEvent, { type: 'return' }>,
  ): Promise<{ payment: PaymentRow; second: AttemptRow | null } | undefined> {
    const named = /^\d{20}/.test(orderNo) ? undefined : await this.store.attemptNamed(provider, origTxnId);
    const payment = await this.store.find(/^\d{20}/.exec(orderNo)?.[0] ?? named?.payment_no ?? '');
    if (!payment) return undefined;
    const attempts = await this.store.attemptsOf(payment.payment_no);
    const there = attempts.filter((one) => one.provider === provider);
    const number = named?.attempt_no ?? orderNo;
    const attempt = there.find(({ attempt_no }) => attempt_no === number) ?? there.at(-1);
    if (!attempt) return payment.provider === provider ? { payment, second: null } : undefined;
    return { payment, second: attempt === attempts.at(-1) ? null : attempt };
  }

  private async refund(
    provider: string,
    event: Extract<ProviderEvent, { type: 'refund' }>,
    evidence: string,
  ): Promise<string> {
    const refund = await this.store.refund(event.orderNo);
    if (!refund || (await this.holderOf(refund)) !== provider) return 'no such refund of this provider';
    await this.refunds.hear(refund, event.answer, evidence);
    await this.refunds.advance(refund.refund_no);
    return 'applied';
  }

  /** Who gives it back: of a payment that was taken twice, the provider of the attempt that the refund names. */
  private async holderOf({ attempt_no, payment_no }: RefundRow): Promise<string | undefined> {
    if (attempt_no !== null) return (await this.store.attempt(attempt_no))?.provider;
    return payment_no === null ? undefined : (await this.store.find(payment_no))?.provider;
  }
}

const OF_NO_USE = 'no event that we use';
