import { Inject, Injectable } from '@nestjs/common';
import { Problem, type ErrorCode } from '@yidian/errors';
import { fromJson } from '@yidian/money';
import type { GatewayConfig } from '../gateway.config';
import { CONFIG } from '../platform';
import { KeptAnswers, KeySeen, RefusedLater, scopeOf } from './kept-answers';
import { numberOf } from './numbers';
import { PaymentDoor } from './payment-door';
import type { Answer, CreateRefundRequest, Keyed, RefundView } from './payment.schema';
import { pendingAnswer, refundView } from './payment.view';
import { PaymentsReadStore } from './payments-read.store';
import { RefundSteps } from './refund-steps';
import type { Guard } from './rule-create';

/** Promise: the subscriber's value is held before the provider is asked for a fen, and never twice for one key. */
@Injectable()
export class CreateRefund {
  constructor(
    private readonly answers: KeptAnswers,
    private readonly door: PaymentDoor,
    private readonly steps: RefundSteps,
    private readonly store: PaymentsReadStore,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  execute(command: Keyed<CreateRefundRequest>): Promise<Answer<RefundView>> {
    const { origin, idempotencyKey: key, body } = command;
    return this.answers.execute(
      { scope: scopeOf(origin, null), key, kind: 'refund', body },
      { first: (guard) => this.create(command, guard), current: (refundNo) => this.answer(refundNo) },
    );
  }

  private async create({ origin, body }: Keyed<CreateRefundRequest>, guard: Guard): Promise<Answer<RefundView>> {
    const paymentNo = numberOf('pay', body.payment);
    const payment = paymentNo ? await this.store.find(paymentNo) : undefined;
    if (payment?.partner !== origin.partner) throw new Problem('not_found');
    const started = await this.door.begin({
      do: 'refund',
      guard,
      kind: 'refund',
      paymentNo: payment.payment_no,
      amount: fromJson(body.amount),
      reason: body.reason,
      actor: origin.partner,
    });
    if (started.result === 'seen') throw new KeySeen(started.key);
    if (started.result === 'refused') throw new Problem(started.code);
    if (started.result === 'known') throw new Problem('internal');
    const { refund_no } = started.refund;
    const refund = (await this.steps.advance(refund_no)) ?? started.refund;
    if (refund.hold === 'rejected') throw new RefusedLater(new Problem(holdRefusal(refund.code)));
    return pendingAnswer(refundView(refund, this.config.livemode));
  }

  private async answer(refundNo: string): Promise<Answer<RefundView>> {
    const refund = await this.store.refund(refundNo);
    if (!refund) throw new Problem('internal');
    return pendingAnswer(refundView(refund, this.config.livemode));
  }
}

/** Why billing would not hold the value, as far as the book knows it. */
export function holdRefusal(code: string | null): ErrorCode {
  return code === 'refund_exceeds_paid' || code === 'state_conflict' ? code : 'refund_exceeds_balance';
}
