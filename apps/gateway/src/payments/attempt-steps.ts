import { Inject, Injectable } from '@nestjs/common';
import {
  checkEcho,
  type CashierRequest,
  type Closing,
  type OrderRef,
  type Outcome,
  type Queried,
  type Taken,
} from '@yidian/connectors/contract';
import { AgreementsStore } from '../agreements/agreements.store';
import type { GatewayConfig } from '../gateway.config';
import { PersonNumbers } from '../notifications/person-number';
import { CONFIG } from '../platform';
import { Providers } from '../providers/providers';
import { nextActionOf } from './next-action';
import { paymentId } from './numbers';
import type { AttemptRow, PaymentRow } from './payment.rows';
import { PaymentsReadStore } from './payments-read.store';
import type { AttemptWord } from './rule-attempt';
import type { NextAttempt } from './rule-failover';
import { Tell } from './tell';

/** Where a payment stands after a call; `next`: the attempt that follows and is to be made. */
export interface Tried {
  payment: PaymentRow;
  next: AttemptRow | null;
}

/** The page that is asked for, and what is known of the payer who will stand before it. */
export interface Opening extends Pick<CashierRequest, 'presentation' | 'payerOpenid' | 'payerIp'> {
  livesSeconds: number;
}

/** Every exchange with a provider about an attempt: the call, its word, the word told to the door. */
@Injectable()
export class AttemptSteps {
  constructor(
    private readonly providers: Providers,
    private readonly agreements: AgreementsStore,
    private readonly numbers: PersonNumbers,
    private readonly store: PaymentsReadStore,
    private readonly teller: Tell,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /**
   * The attempt is committed; only now is the provider called, outside any transaction.
   * @param then where the payment goes when the provider surely did nothing
   */
  async debit(payment: PaymentRow, attempt: AttemptRow, then: () => NextAttempt | null): Promise<Tried> {
    const agreement = payment.agreement_id ? await this.agreements.find(payment.agreement_id) : undefined;
    if (!agreement?.ref_sealed)
      return this.write(payment, attempt, { word: 'not_executed', cause: 'no agreement' }, 'not sent', then());
    const answer = await this.providers.get(attempt.provider).connector.debit({
      ...echoOf(attempt),
      agreementRef: this.numbers.openText(agreement.ref_sealed),
      orderNote: `${payment.msisdn_masked} ${payment.payment_no}`,
    });
    return this.write(payment, attempt, wordOf(answer), 'answer', answer.outcome === 'not_executed' ? then() : null);
  }

  async openCashier(
    payment: PaymentRow,
    attempt: AttemptRow,
    { livesSeconds, ...asked }: Opening,
    then: () => NextAttempt | null,
  ): Promise<Tried> {
    const answer = await this.providers.get(attempt.provider).connector.openCashier({
      ...echoOf(attempt),
      ...asked,
      orderNote: `${payment.msisdn_masked} ${payment.payment_no}`,
      expiresInSeconds: livesSeconds,
      returnUrl: `${this.config.PUBLIC_URL}/portal/payments/${paymentId(payment.payment_no)}`,
    });
    // Not known whether the page exists: nobody has its address, and the sweep closes it at the provider.
    if (answer.outcome === 'unknown') return { payment, next: null };
    if (answer.outcome === 'not_executed') return this.write(payment, attempt, wordOf(answer), 'answer', then());
    const nextAction = JSON.stringify(nextActionOf(answer, asked.presentation));
    return this.write(payment, attempt, { word: 'opened', nextAction, expiresAt: answer.expiresAt }, 'answer', null);
  }

  /** A debit that waited while its provider was away. Whoever writes that it starts makes the call, and nobody else. */
  async start(payment: PaymentRow): Promise<PaymentRow> {
    const attempt = await this.current(payment);
    if (!attempt) return payment;
    const write = writeOf(payment, attempt, { word: 'started' }, 'the provider is back', this.settleDown(attempt));
    const told = await this.teller.tell(write);
    if (!told?.payment || !told.changed) return told?.payment ?? payment;
    return attempt.kind === 'batch' ? told.payment : (await this.debit(told.payment, attempt, () => null)).payment;
  }

  async ask(payment: PaymentRow): Promise<PaymentRow> {
    const attempt = await this.current(payment);
    // The bank knows of a batched order only once it has worked on its file: "not found" would mean nothing.
    if (!attempt || attempt.kind === 'batch') return payment;
    const { connector } = this.providers.get(attempt.provider);
    const word = wordOf(await connector.queryDebit(echoOf(attempt)));
    return (await this.write(payment, attempt, word, 'query', null)).payment;
  }

  /**
   * Another attempt came after it. A page is closed; a debit is asked about. What it took after all goes back.
   * @returns whether anything can still come of it
   */
  async askReplaced(payment: PaymentRow, attempt: AttemptRow): Promise<'settled' | 'not_found' | 'open'> {
    const { connector } = this.providers.get(attempt.provider);
    const order = echoOf(attempt);
    const answer = await (attempt.kind === 'cashier' ? connector.closeCashier(order) : connector.queryDebit(order));
    if (answer.outcome === 'succeeded') await this.write(payment, attempt, wordOf(answer), 'query', null);
    if (answer.outcome === 'not_found') return 'not_found';
    return ['closed', 'declined', 'not_executed'].includes(answer.outcome) ? 'settled' : 'open';
  }

  /** Expiry closes at the provider first: only its word says that the payer can no longer pay. */
  async close(payment: PaymentRow): Promise<PaymentRow> {
    const attempt = await this.current(payment);
    if (!attempt) return payment;
    const { connector } = this.providers.get(attempt.provider);
    const answer = await connector.closeCashier(echoOf(attempt));
    // A page that the provider never knew cannot be paid: opening it was not executed.
    const gone = answer.outcome === 'not_found' ? ({ outcome: 'closed' } as const) : answer;
    return (await this.write(payment, attempt, wordOf(gone), 'close', null)).payment;
  }

  /**
   * A callback's word; its sums are compared with what was asked like those of any answer.
   * @throws Error when it could not be written: the callback keeps its date. Nobody asks about a payment that has ended, so its
   * late money would be lost with the word
   */
  async hear(payment: PaymentRow, attempt: AttemptRow, answer: Outcome<Taken>, evidence: string): Promise<PaymentRow> {
    const word = wordOf(checkEcho<Taken, Outcome<Taken>>(echoOf(attempt), answer));
    const told = await this.teller.tell(writeOf(payment, attempt, word, evidence, this.settleDown(attempt)));
    if (!told) throw new Error('what a callback says could not be written');
    return told.payment ?? payment;
  }

  /** Of the attempt that the provider names, else of its last one. The payment stays as it is when there is none there. */
  async tell(
    payment: PaymentRow,
    word: AttemptWord,
    evidence: string,
    provider = payment.provider,
  ): Promise<PaymentRow> {
    const attempts = await this.store.attemptsOf(payment.payment_no);
    const there = attempts.filter((one) => one.provider === provider);
    const name = word.word === 'succeeded' ? word.providerTxnId : '';
    const attempt = there.find(({ provider_txn_id }) => name !== '' && provider_txn_id === name) ?? there.at(-1);
    return attempt ? (await this.write(payment, attempt, word, evidence, null)).payment : payment;
  }

  private async write(
    payment: PaymentRow,
    attempt: AttemptRow,
    word: AttemptWord,
    evidence: string,
    next: NextAttempt | null,
  ): Promise<Tried> {
    const write = writeOf(payment, attempt, word, evidence, this.settleDown(attempt));
    const told = await this.teller.tell(next ? { ...write, next } : write);
    return { payment: told?.payment ?? payment, next: told?.next ?? null };
  }

  /** Until then "not found" may mean "not yet". */
  settleDown(attempt: AttemptRow): number {
    return this.providers.find(attempt.provider)?.profile.notFoundAfterMs ?? 616_000;
  }

  private async current(payment: PaymentRow): Promise<AttemptRow | undefined> {
    return (await this.store.attemptsOf(payment.payment_no)).at(-1);
  }
}

const writeOf = (
  payment: PaymentRow,
  attempt: AttemptRow,
  word: AttemptWord,
  evidence: string,
  notFoundAfterMs: number,
) =>
  ({
    do: 'attempt',
    paymentNo: payment.payment_no,
    attemptNo: attempt.attempt_no,
    word,
    evidence,
    notFoundAfterMs,
  }) as const;

/** What every call about an attempt's order repeats. */
export function echoOf(attempt: AttemptRow): OrderRef {
  return {
    orderNo: attempt.attempt_no,
    amount: attempt.amount,
    currency: attempt.currency,
    orderedAt: attempt.submitted_at,
    providerTxnId: attempt.provider_txn_id,
  };
}

function wordOf(
  answer: Queried<Taken> | Closing | { outcome: 'not_executed' | 'unknown'; cause: string },
): AttemptWord {
  switch (answer.outcome) {
    case 'succeeded':
      return {
        word: 'succeeded',
        providerTxnId: answer.providerTxnId,
        businessDate: answer.businessDate,
        completedAt: answer.completedAt,
      };
    case 'declined':
      return { word: 'declined', reason: answer.reason };
    case 'not_executed':
      return { word: 'not_executed', cause: answer.cause };
    case 'closed':
      return { word: 'closed', cause: 'expired' };
    case 'unknown':
      return { word: 'unknown', cause: answer.cause };
    case 'pending':
    case 'not_found':
      return { word: answer.outcome };
  }
}
