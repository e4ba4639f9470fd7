import { toJson } from '@yidian/money';
import type { z } from 'zod';
import { instantText } from './instant-text';
import { paymentId, refundId, reversalId } from './numbers';
import type { AttemptRow, PaymentDetail, PaymentRow, RefundRow } from './payment.rows';
import type { Answer, attemptView, NextAction, PaymentView, RefundView, ReversalView } from './payment.schema';
import { isFinal } from './payment.states';

/** Rows as the outside sees them: masked numbers, integer fen, UTC times. The same text goes into answers and events. */
export function paymentView(row: PaymentRow, livemode: boolean): PaymentView {
  const asking = row.state === 'submitted' || row.state === 'unknown';
  return {
    id: paymentId(row.payment_no),
    object: 'payment',
    number: row.payment_no,
    reference: row.reference === '' ? null : row.reference,
    state: row.state,
    final: isFinal(row.state),
    amount: toJson(row.amount),
    amount_refunded: toJson(row.refunded),
    currency: 'CNY',
    msisdn: row.msisdn_masked,
    branch: row.branch,
    channel: row.channel,
    business_date: row.business_date,
    funding: { type: row.funding, provider: row.provider, agreement: row.agreement_id, account: row.account },
    next_action: row.state === 'submitted' && row.next_action ? (JSON.parse(row.next_action) as NextAction) : null,
    topup: topup(row),
    decline: row.decline_code ? { code: row.decline_code } : null,
    next_step: row.state === 'rejected' ? 'return_cash' : null,
    replaces: row.replaces ? paymentId(row.replaces) : null,
    last_query_at: row.last_query_at?.toISOString() ?? null,
    next_query_at: asking ? (row.due_at?.toISOString() ?? null) : null,
    metadata: metadataOf(row.detail),
    created_at: instantText(row.created_at),
    livemode,
  };
}

/** Most orders have none, and then the text is not worth parsing: a name stands in it as it is. */
function metadataOf(detail: string): Record<string, string> {
  if (!detail.includes('"metadata"')) return {};
  return (JSON.parse(detail) as PaymentDetail).metadata ?? {};
}

function topup(row: PaymentRow): PaymentView['topup'] {
  return {
    state: row.credit_state,
    code: row.credit_code,
    at: row.credit_at && instantText(row.credit_at),
    balance_after: row.balance_after === null ? null : toJson(row.balance_after),
  };
}

export function attemptViewOf(row: AttemptRow): z.infer<typeof attemptView> {
  return {
    number: row.attempt_no,
    provider: row.provider,
    state: row.state,
    provider_txn_id: row.provider_txn_id || null,
    code: row.code,
    submitted_at: row.submitted_at.toISOString(),
    ended_at: row.ended_at?.toISOString() ?? null,
  };
}

/** Inner steps (held, submitted) are `pending` to the outside. */
export function refundView(row: RefundRow, livemode: boolean): RefundView {
  const state = row.state === 'succeeded' || row.state === 'failed' || row.state === 'unknown' ? row.state : 'pending';
  return {
    id: refundId(row.refund_no),
    object: 'refund',
    number: row.refund_no,
    state,
    final: state === 'succeeded' || state === 'failed',
    payment: paymentId(row.payment_no ?? ''),
    amount: toJson(row.amount ?? 0n),
    currency: 'CNY',
    reason: row.reason,
    code: row.code,
    created_at: row.created_at.toISOString(),
    livemode,
  };
}

export function reversalView(row: RefundRow, livemode: boolean): ReversalView {
  const words = { succeeded: 'reversed', failed: 'failed', unknown: 'unknown' } as const;
  const state = row.state in words ? words[row.state as keyof typeof words] : 'pending';
  return {
    id: reversalId(row.refund_no),
    object: 'reversal',
    number: row.refund_no,
    state,
    final: state === 'reversed' || state === 'failed',
    payment: row.payment_no ? paymentId(row.payment_no) : null,
    reference: row.reference === '' ? null : row.reference,
    amount: row.amount === null ? null : toJson(row.amount),
    currency: row.amount === null ? null : 'CNY',
    reason: row.reason,
    note: row.payment_no ? null : 'not_seen_blocked',
    code: row.code,
    created_at: row.created_at.toISOString(),
    livemode,
  };
}

/** 201 with a final word or a page to go to; 202 while somebody still owes an answer. */
export function paymentAnswer(body: PaymentView): Answer<PaymentView> {
  if (body.final || body.next_action) return { status: 201, body, replayed: false };
  return { status: 202, body, replayed: false, retryAfter: 5 };
}

export function pendingAnswer<T extends { final: boolean }>(body: T): Answer<T> {
  return body.final ? { status: 201, body, replayed: false } : { status: 202, body, replayed: false, retryAfter: 5 };
}
