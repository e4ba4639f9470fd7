import { Injectable } from '@nestjs/common';
import type { Statement } from '@yidian/journal';
import type { PaymentRow } from '../payments/payment.rows';
import type { Notice } from '../payments/working-rows';
import { BranchTexts } from './branch-texts';
import { Languages } from './languages';
import { PersonNumbers, type KeptNumber } from './person-number';
import type { Params, SmsCode } from './sms-templates';
import { declineWords, payWords, yuan } from './sms-words';
import { smsInsert, type SmsRow } from './sms.store';

interface Message {
  to: 'payer' | 'receiver';
  code: SmsCode;
  params: Params;
}

/**
 * Which move of a payment tells whom what. Written in the transaction of the move: no receipt without the move, no move
 * without its receipt. Partners' customers hear from their partner; only people who paid with us get texts.
 */
@Injectable()
export class Receipts {
  constructor(
    private readonly numbers: PersonNumbers,
    private readonly texts: BranchTexts,
    private readonly languages: Languages,
  ) {}

  statements(notices: readonly Notice[], now: Date): Statement[] {
    return smsInsert(notices.flatMap((notice) => messagesOf(notice).map((message) => this.row(notice, message, now))));
  }

  private row({ payment }: Notice, message: Message, now: Date): SmsRow {
    const to = message.to === 'payer' ? payerOf(payment) : receiverOf(payment);
    return {
      // The version moves with every change: one message per move and person, however often the batch is run.
      id: `${payment.payment_no}-${payment.version}-${message.to}`,
      template: message.code,
      to_masked: to.masked,
      to_blind: to.blind,
      to_sealed: to.sealed,
      text_sealed: this.numbers.sealText(
        this.texts.text(message.code, message.params, branchOf(payment, message), this.languages.of(to.blind)),
      ),
      payment_no: payment.payment_no,
      state: 'new',
      tries: 0,
      due_at: now,
      created_at: now,
      sent_at: null,
    };
  }
}

/** Of the person who reads it, where the payment knows it: a payer for somebody else may live anywhere. */
const branchOf = (payment: PaymentRow, { to }: Message): string | null =>
  to === 'receiver' || payment.payer_blind === payment.msisdn_blind ? payment.branch : null;

function payerOf(payment: PaymentRow): KeptNumber {
  return { masked: payment.payer_masked ?? '', blind: payment.payer_blind ?? '', sealed: payment.payer_sealed ?? '' };
}

const receiverOf = (payment: PaymentRow): KeptNumber => ({
  masked: payment.msisdn_masked,
  blind: payment.msisdn_blind,
  sealed: payment.msisdn_sealed,
});

export function messagesOf({ payment, from, refund }: Notice): Message[] {
  if (!payment.payer_sealed) return [];
  const texted = payment.channel === 'sms';
  const params = paramsOf(payment, refund?.amount ?? payment.charged);
  const tell = (code: SmsCode): Message[] => [{ to: 'payer', code, params }];
  switch (payment.state) {
    case 'completed':
      return from === 'paid' ? completed(payment, params) : [];
    case 'unknown':
      return texted ? tell('unknown') : [];
    case 'declined':
      if (from === 'unknown') return tell('unknown_no');
      return texted ? tell('declined') : [];
    case 'closed':
      if (from === 'unknown') return tell('unknown_no');
      if (!texted) return [];
      // The bank was asked until it said that it knows of nothing: it is not away, and the order may be sent again.
      return payment.decline_code === 'not_executed' ? tell('unknown_no') : tell('provider_down');
    case 'refunding':
      return from === 'paid' ? tell('returning') : [];
    case 'refunded':
    case 'partially_refunded':
      return from === 'refunding' && refund?.state === 'succeeded' ? tell('returned') : [];
    case 'returned':
      return [{ to: 'payer', code: 'taken_back', params: paramsOf(payment, payment.refunded) }];
    default:
      return [];
  }
}

function completed(payment: PaymentRow, params: Params): Message[] {
  if (payment.payer_blind === payment.msisdn_blind) return [{ to: 'payer', code: 'done_own', params }];
  return [
    { to: 'payer', code: 'done_family', params },
    { to: 'receiver', code: 'received', params },
  ];
}

/** A nickname is shown only to the one who gave it: it stands in texts to the payer and in no other. */
function paramsOf(payment: PaymentRow, amount: bigint): Params {
  return {
    who: payment.nickname ?? '',
    number: payment.msisdn_masked,
    amount: yuan(amount),
    balance: payment.balance_after === null ? '' : yuan(payment.balance_after),
    pay: payWords(payment.account),
    tail: payment.payment_no.slice(-4),
    payer: payment.payer_masked ?? '',
    why: declineWords(payment.decline_code),
  };
}
