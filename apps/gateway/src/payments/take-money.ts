import { Injectable } from '@nestjs/common';
import { maskAccount } from '@yidian/security';
import { decisionOf } from '../routing/route';
import { Routes } from '../routing/routes';
import { AttemptSteps, type Opening, type Tried } from './attempt-steps';
import { attemptNumber } from './numbers';
import type { AttemptRow, PaymentRow } from './payment.rows';
import type { Way, Ways } from './payment-funds';
import type { NextAttempt } from './rule-failover';

const MOST_ATTEMPTS = 99;

/**
 * Promise: the payer is asked at one provider at a time, and at the next one only when the one before surely did nothing.
 * No answer, a refusal, a page that may be open: all of them end the search.
 */
@Injectable()
export class TakeMoney {
  constructor(
    private readonly attempts: AttemptSteps,
    private readonly routes: Routes,
  ) {}

  debit(payment: PaymentRow, attempt: AttemptRow, ways: Ways | null): Promise<PaymentRow> {
    return this.tryAll(payment, attempt, ways, (now, then) => this.attempts.debit(now.payment, now.attempt, then));
  }

  open(payment: PaymentRow, attempt: AttemptRow, ways: Ways | null, opening: Opening): Promise<PaymentRow> {
    return this.tryAll(payment, attempt, ways, (now, then) =>
      this.attempts.openCashier(now.payment, now.attempt, opening, then),
    );
  }

  private async tryAll(
    payment: PaymentRow,
    attempt: AttemptRow,
    ways: Ways | null,
    attemptOnce: (now: { payment: PaymentRow; attempt: AttemptRow }, then: () => NextAttempt | null) => Promise<Tried>,
  ): Promise<PaymentRow> {
    const others = [...(ways?.others ?? [])];
    let now = { payment, attempt };
    for (let n = 1; ; n++) {
      const then = () => (ways && n < MOST_ATTEMPTS ? this.next(now, ways, others, n + 1) : null);
      const tried = await attemptOnce(now, then);
      if (!tried.next) return tried.payment;
      now = { payment: tried.payment, attempt: tried.next };
    }
  }

  /** Takes the next way that can be gone now off the list. */
  private next(
    { payment, attempt }: { payment: PaymentRow; attempt: AttemptRow },
    { route, ability }: Ways,
    others: Way[],
    n: number,
  ): NextAttempt | null {
    let way = others.shift();
    while (way && !this.routes.usable(way.provider, ability)) way = others.shift();
    if (!way) return null;
    const attemptNo = attemptNumber(payment.payment_no, n);
    const chosen = { attemptNo, paymentNo: payment.payment_no, provider: way.provider };
    const { agreement, linked } = way;
    return {
      attempt: {
        ...attempt,
        attempt_no: attemptNo,
        provider: way.provider,
        state: 'prepared',
        code: null,
        not_found: 0,
      },
      agreementId: agreement?.id ?? null,
      linkedId: linked?.id ?? null,
      nickname: linked?.nickname ?? null,
      account: agreement?.account_tail ? maskAccount(agreement.account_tail, agreement.bank_name) : null,
      payerKey: agreement?.id ?? payment.payer_key,
      decision: decisionOf(route, chosen, `${attempt.provider} surely did nothing`, new Date()),
    };
  }
}
