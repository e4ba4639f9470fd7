import { Injectable } from '@nestjs/common';
import type { paymentsResolve, ResolveAnswer } from '@yidian/contracts';
import { fromDigits } from '@yidian/money';
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { CreditSteps } from './credit-steps';
import { PaymentDoor } from './payment-door';
import { PaymentFlow } from './payment-flow';
import type { PaymentRow } from './payment.rows';
import { HAS_MONEY, isFinal } from './payment.states';
import { PaymentsReadStore } from './payments-read.store';
import { RepairPayment } from './repair-payment';
import { ReturnSteps } from './return-steps';

export type ResolveItem = z.output<typeof paymentsResolve>['items'][number];

/**
 * Promise: an approved resolution is carried out through the same rules as any other news, once per key, and is kept with
 * who decided it and by which evidence. What cannot be done is refused with a reason; nothing is forced.
 */
@Injectable()
export class ResolvePayment {
  constructor(
    private readonly door: PaymentDoor,
    private readonly flow: PaymentFlow,
    private readonly credits: CreditSteps,
    private readonly store: PaymentsReadStore,
    private readonly returns: ReturnSteps,
    private readonly repairing: RepairPayment,
  ) {}

  async execute(item: ResolveItem): Promise<ResolveAnswer> {
    const payment = await this.store.find(item.paymentNo);
    if (!payment && item.action !== 'repair_gateway') return unknownTo(item, 'refused', 'not_found');
    const kept = await this.door.begin({
      do: 'resolution',
      key: item.key,
      paymentNo: item.paymentNo,
      action: item.action,
      inputHash: inputHash(item),
      actor: item.actor,
      evidence: item.evidence,
    });
    if (kept.conflict) return said(item, payment, 'refused', 'idempotency_key_reused');
    if (item.action === 'repair_gateway') return this.repair(item);
    return payment ? this.carryOut(item, payment) : unknownTo(item, 'refused', 'not_found');
  }

  private carryOut(item: ResolveItem, payment: PaymentRow): Promise<ResolveAnswer> {
    switch (item.action as Exclude<ResolveItem['action'], 'repair_gateway'>) {
      case 'confirm_paid':
        return this.confirmPaid(item, payment);
      case 'confirm_declined':
        return this.confirmDeclined(item, payment);
      case 'credit':
        return this.credit(item, payment);
      case 'refund_payer':
        return this.refundPayer(item, payment);
      case 'reverse_credit':
        return this.returned(item, payment);
      case 'requery':
        return this.requery(item, payment);
    }
  }

  /** What we lost is written anew from the statement and from billing; then it goes on as any other. */
  private async repair(item: ResolveItem): Promise<ResolveAnswer> {
    const { repair: order, provider } = item;
    if (!order || provider === undefined) return unknownTo(item, 'refused', 'field_invalid');
    const told = await this.repairing.execute({ ...item, provider, order, evidence: evidenceOf(item) });
    if (told.outcome === 'done') return answer(item, told.payment, done(told.payment));
    return said(item, told.payment, told.outcome, told.reason);
  }

  /** The statement is the provider's word; then credit or return, as for any money that came late. */
  private async confirmPaid(item: ResolveItem, payment: PaymentRow): Promise<ResolveAnswer> {
    if (fromDigits(item.amount) !== payment.charged) return answer(item, payment, 'refused', 'amount_mismatch');
    const told = await this.flow.attempts.tell(
      payment,
      {
        word: 'succeeded',
        providerTxnId: item.providerTxnId,
        businessDate: item.businessDate,
        completedAt: new Date(),
      },
      evidenceOf(item),
      item.provider,
    );
    if (item.provider !== undefined && item.provider !== payment.provider) return this.tookBeside(item, told);
    const after = await this.flow.afterMoney(told);
    if (!HAS_MONEY.includes(after.state) && !isFinal(after.state)) return answer(item, after, 'working');
    const moneyKnown = HAS_MONEY.includes(after.state) || after.state === 'refunded' || after.state === 'reversed';
    return moneyKnown ? answer(item, after, done(after)) : answer(item, after, 'refused', 'state_conflict');
  }

  /** What another provider took goes back by a refund of its own; the payment stays where it stands. */
  private async tookBeside(item: ResolveItem, payment: PaymentRow): Promise<ResolveAnswer> {
    const attempts = await this.store.attemptsOf(payment.payment_no);
    const known = attempts.some(({ provider, state }) => provider === item.provider && state === 'succeeded');
    return known ? answer(item, payment, 'done') : answer(item, payment, 'refused', 'not_found');
  }

  private async confirmDeclined(item: ResolveItem, payment: PaymentRow): Promise<ResolveAnswer> {
    const word = { word: 'closed', cause: 'absent' } as const;
    const after = await this.flow.attempts.tell(payment, word, evidenceOf(item), item.provider);
    const ended = after.state === 'closed' || after.state === 'declined';
    return ended ? answer(item, after, 'done') : answer(item, after, 'refused', 'state_conflict');
  }

  private async credit(item: ResolveItem, payment: PaymentRow): Promise<ResolveAnswer> {
    let current = payment;
    if (current.state === 'paid' && current.credit_state === 'none') {
      current = await this.credits.tell(current, { word: 'requested' }, evidenceOf(item));
    }
    current = await this.flow.afterMoney(current);
    if (current.credit_state === 'credited') return answer(item, current, 'done');
    const open = current.credit_state === 'requested' || current.credit_state === 'unknown';
    return open
      ? answer(item, current, 'working')
      : answer(item, current, 'refused', current.credit_code ?? 'state_conflict');
  }

  /** A credit that may still come is given up first; was it given, the value is held before the money goes back. */
  private async refundPayer(item: ResolveItem, payment: PaymentRow): Promise<ResolveAnswer> {
    let current = payment;
    if (current.state === 'paid' && (current.credit_state === 'requested' || current.credit_state === 'unknown')) {
      current = await this.credits.giveUp(current);
      if (current.state === 'paid') return answer(item, current, 'working');
    }
    if (current.state === 'refunding') current = await this.flow.afterMoney(current);
    else if (current.state === 'paid' || current.state === 'completed' || current.state === 'partially_refunded') {
      const started = await this.door.begin({
        do: 'refund',
        guard: null,
        kind: 'refund',
        paymentNo: current.payment_no,
        amount: null,
        reason: 'resolution',
        actor: item.actor,
      });
      if (started.result !== 'started') {
        return answer(item, current, 'refused', started.result === 'refused' ? started.code : 'state_conflict');
      }
      current = await this.flow.afterMoney({ ...current, state: 'refunding' });
    }
    if (['refunded', 'rejected', 'reversed'].includes(current.state)) return answer(item, current, 'done');
    if (current.state === 'refunding') return answer(item, current, 'working');
    return answer(item, current, 'refused', 'state_conflict');
  }

  /**
   * A statement shows that the provider took the money back. Billing knows the taking back by this very key, and the book
   * shows the line itself: no second fact of it.
   */
  private async returned(item: ResolveItem, payment: PaymentRow): Promise<ResolveAnswer> {
    const heard = {
      ...{ amount: fromDigits(item.amount), currency: payment.currency, providerTxnId: item.providerTxnId },
      ...{ reason: item.action, actor: item.actor, evidence: evidenceOf(item), businessDate: item.businessDate },
      occurredAt: new Date(),
      // Without its step: as reconciliation's own key, under which an earlier version asked billing itself.
      byResolution: item.key.replace(/-\d+$/, '').slice(0, 40),
    };
    const beside = item.provider !== undefined && item.provider !== payment.provider;
    const attempts = beside ? await this.store.attemptsOf(payment.payment_no) : [];
    const second = attempts.findLast(({ provider }) => provider === item.provider);
    if (beside && !second) return answer(item, payment, 'refused', 'not_found');
    const row = await this.returns.hear(payment, heard, second ?? null);
    const after = (await this.store.find(item.paymentNo)) ?? payment;
    if (row?.state === 'settled') return answer(item, after, 'done');
    if (row?.state === 'refused') return answer(item, after, 'refused', row.code ?? 'state_conflict');
    return answer(item, after, 'working');
  }

  private async requery(item: ResolveItem, payment: PaymentRow): Promise<ResolveAnswer> {
    const after = await this.flow.ask(payment);
    return answer(item, after, isFinal(after.state) ? 'done' : 'working');
  }
}

/** Confirmed; whether the credit or the return has ended too is said apart. */
const done = (payment: PaymentRow): 'done' | 'working' => (isFinal(payment.state) ? 'done' : 'working');

/** The provider follows from the key, and did not come with it always. */
const inputHash = (item: ResolveItem): string =>
  createHash('sha256')
    .update(JSON.stringify({ ...item, provider: undefined }))
    .digest('hex');

const evidenceOf = (item: ResolveItem): string => `${item.action} by ${item.actor}: ${item.evidence}`;

/** There may be no payment to tell of. */
const said = (
  item: ResolveItem,
  payment: PaymentRow | null | undefined,
  outcome: 'refused' | 'working',
  reason: string,
) => (payment ? answer(item, payment, outcome, reason) : unknownTo(item, outcome, reason));

const unknownTo = (item: ResolveItem, outcome: 'refused' | 'working', reason: string): ResolveAnswer => ({
  ...{ key: item.key, outcome, reason, paymentState: '', creditState: '' },
});

function answer(
  item: ResolveItem,
  payment: PaymentRow,
  outcome: ResolveAnswer['outcome'],
  reason?: string,
): ResolveAnswer {
  return {
    key: item.key,
    outcome,
    ...(reason === undefined ? {} : { reason }),
    paymentState: payment.state,
    creditState: payment.credit_state,
  };
}
