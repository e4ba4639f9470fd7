import type { FastifyInstance } from 'fastify';
import { toJson } from '@yidian/money';
import { refundQuery, type RefundRequest, refundRequest } from '../bank/bank-wire';
import type { Partner } from './partner';
import type { Return } from './partner-book';

/** What a collecting partner serves as a provider besides its statement: giving money back that it holds. */
export function partnerProviderRoutes(app: FastifyInstance, partner: Partner): void {
  app.post('/v1/refunds', async (request, answer) => {
    const body = refundRequest.safeParse(request.body);
    if (!body.success) return answer.code(400).send({ code: 'malformed' });
    const given = give(partner, body.data);
    return given ? answerOf(given) : { refund_no: body.data.refund_no, status: 'failed', reason: 'order_not_paid' };
  });
  app.post('/v1/refunds/query', async (request, answer) => {
    const body = refundQuery.safeParse(request.body);
    if (!body.success) return answer.code(400).send({ code: 'malformed' });
    const given = partner.book.returns.get(body.data.refund_no);
    return given ? answerOf(given) : { refund_no: body.data.refund_no, status: 'not_found' };
  });
}

/** One refund number gives once, and never more in sum than was taken. */
function give(partner: Partner, request: RefundRequest): Return | null {
  const known = partner.book.returns.get(request.refund_no);
  if (known) return known;
  const sale = partner.book.saleOf(request.attempt_no);
  if (!sale || sale.state === 'reversed') return null;
  const before = [...partner.book.returns.values()].filter((r) => r.paymentNo === request.attempt_no.slice(0, 20));
  const sum = before.reduce((total, r) => total + BigInt(r.amount), BigInt(request.amount));
  if (sum > BigInt(sale.amount)) return null;
  const given: Return = {
    refundNo: request.refund_no,
    paymentNo: request.attempt_no.slice(0, 20),
    kind: request.kind,
    amount: String(request.amount),
    txnId: partner.book.nextTxnId(),
    at: new Date().toISOString(),
    date: partner.book.date,
  };
  partner.book.give(given);
  return given;
}

function answerOf(given: Return): object {
  return {
    refund_no: given.refundNo,
    attempt_no: given.paymentNo,
    status: 'succeeded',
    txn_id: given.txnId,
    amount: toJson(BigInt(given.amount)),
    currency: 'CNY',
    business_date: given.date,
    completed_at: given.at,
  };
}
