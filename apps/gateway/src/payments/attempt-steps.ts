import { Inject, Injectable } from '@nestjs/common';
import {
  checkEcho,
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
import { paymentId } from './numbers';
import type { PaymentRow } from './payment.rows';
import { firstAttempt, type AttemptWord } from './rule-attempt';
import { Tell } from './tell';

/** Every exchange with a provider about an attempt: the call, its word, the word told to the door. */
@Injectable()
export class AttemptSteps {
  constructor(
    private readonly providers: Providers,
    private readonly agreements: AgreementsStore,
    private readonly numbers: PersonNumbers,
    private readonly teller: Tell,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** The attempt is committed; only now is the provider called, outside any transaction. */
  async debit(payment: PaymentRow): Promise<PaymentRow> {
    const agreement = payment.agreement_id ? await this.agreements.find(payment.agreement_id) : undefined;
    if (!agreement?.ref_sealed) return this.tell(payment, { word: 'not_executed', cause: 'no agreement' }, 'not sent');
    const answer = await this.providers.get(payment.provider).connector.debit({
      ...echoOf(payment),
      agreementRef: this.numbers.openText(agreement.ref_sealed),
      orderNote: `${payment.msisdn_masked} ${payment.payment_no}`,
    });
    return this.tell(payment, wordOf(answer), 'answer');
  }

  async openCashier(
    payment: PaymentRow,
    expiresInSeconds: number,
    presentation: 'redirect' | 'qr',
  ): Promise<PaymentRow> {
    const answer = await this.providers.get(payment.provider).connector.openCashier({
      ...echoOf(payment),
      presentation,
      orderNote: `${payment.msisdn_masked} ${payment.payment_no}`,
      expiresInSeconds,
      returnUrl: `${this.config.PUBLIC_URL}/portal/payments/${paymentId(payment.payment_no)}`,
    });
    if (answer.outcome !== 'opened') {
      // Not known whether the page exists: nobody has its address, and the sweep closes it at the provider.
      return answer.outcome === 'unknown' ? payment : this.tell(payment, wordOf(answer), 'answer');
    }
    const type = presentation === 'qr' ? 'show_qr' : 'redirect';
    const nextAction = JSON.stringify({ type, url: answer.payUrl, expires_at: answer.expiresAt.toISOString() });
    return this.tell(payment, { word: 'opened', nextAction, expiresAt: answer.expiresAt }, 'answer');
  }

  async ask(payment: PaymentRow): Promise<PaymentRow> {
    const { connector } = this.providers.get(payment.provider);
    return this.tell(payment, wordOf(await connector.queryDebit(echoOf(payment))), 'query');
  }

  /** Expiry closes at the provider first: only its word says that the payer can no longer pay. */
  async close(payment: PaymentRow): Promise<PaymentRow> {
    const { connector } = this.providers.get(payment.provider);
    const answer = await connector.closeCashier(echoOf(payment));
    // A page that the provider never knew cannot be paid: opening it was not executed.
    const gone = answer.outcome === 'not_found' ? ({ outcome: 'closed' } as const) : answer;
    return this.tell(payment, wordOf(gone), 'close');
  }

  /** A callback's word; its sums are compared with what was asked like those of any answer. */
  async hear(payment: PaymentRow, answer: Outcome<Taken>, evidence: string): Promise<PaymentRow> {
    return this.tell(payment, wordOf(checkEcho<Taken, Outcome<Taken>>(echoOf(payment), answer)), evidence);
  }

  async tell(payment: PaymentRow, word: AttemptWord, evidence: string): Promise<PaymentRow> {
    const told = await this.teller.tell({
      do: 'attempt',
      paymentNo: payment.payment_no,
      attemptNo: firstAttempt(payment.payment_no),
      word,
      evidence,
      notFoundAfterMs: this.providers.find(payment.provider)?.profile.notFoundAfterMs ?? 616_000,
    });
    return told?.payment ?? payment;
  }
}

/** What every call about the payment's order repeats. */
export function echoOf(payment: PaymentRow): OrderRef {
  return {
    orderNo: firstAttempt(payment.payment_no),
    amount: payment.charged,
    currency: payment.currency,
    orderedAt: payment.created_at,
    providerTxnId: payment.provider_txn_id,
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
