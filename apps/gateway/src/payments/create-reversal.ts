import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import type { GatewayConfig } from '../gateway.config';
import { CONFIG } from '../platform';
import { holdRefusal } from './create-refund';
import { KeptAnswers, KeySeen, RefusedLater, scopeOf } from './kept-answers';
import { numberOf } from './numbers';
import { PaymentDoor } from './payment-door';
import type { Answer, CreateReversalRequest, Keyed, ReversalView } from './payment.schema';
import { pendingAnswer, reversalView } from './payment.view';
import type { RefundRow } from './payment.rows';
import { PaymentsReadStore } from './payments-read.store';
import { RefundSteps } from './refund-steps';
import type { Guard } from './rule-create';
import type { RefundStarted } from './rule-refund';

/**
 * Promise: a reversal undoes the whole of what the partner collected, within its business date, once; of a reference
 * never seen it leaves a block, so that a late original can never credit.
 */
@Injectable()
export class CreateReversal {
  constructor(
    private readonly answers: KeptAnswers,
    private readonly door: PaymentDoor,
    private readonly steps: RefundSteps,
    private readonly store: PaymentsReadStore,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  execute(command: Keyed<CreateReversalRequest>): Promise<Answer<ReversalView>> {
    const { origin, idempotencyKey: key, body } = command;
    return this.answers.execute(
      { scope: scopeOf(origin, null), key, kind: 'reversal', body },
      {
        first: (guard) => this.create(command, guard),
        current: async (refundNo) => {
          const refund = await this.store.refund(refundNo);
          if (!refund) throw new Problem('internal');
          return this.answer(refund);
        },
      },
    );
  }

  private async create(command: Keyed<CreateReversalRequest>, guard: Guard): Promise<Answer<ReversalView>> {
    const started = await this.start(command, guard);
    if (started.result === 'seen') throw new KeySeen(started.key);
    if (started.result === 'refused') {
      throw new Problem(
        started.code,
        started.code === 'reversal_window_closed' ? { extra: { next_step: 'refund' } } : {},
      );
    }
    if (started.result === 'known') throw new Problem('internal');
    const refund = (await this.steps.advance(started.refund.refund_no)) ?? started.refund;
    if (refund.hold === 'rejected') throw new RefusedLater(new Problem(holdRefusal(refund.code)));
    return this.answer(refund);
  }

  private async start({ origin, body }: Keyed<CreateReversalRequest>, guard: Guard): Promise<RefundStarted> {
    if (body.payment !== undefined) {
      const paymentNo = numberOf('pay', body.payment);
      const payment = paymentNo ? await this.store.find(paymentNo) : undefined;
      if (payment?.partner !== origin.partner) throw new Problem('not_found');
      return this.reverse(payment.payment_no, origin.partner, body.reason, guard);
    }
    const { partner } = origin;
    const reference = body.reference ?? '';
    const known = await this.store.reference(partner, reference);
    if (known?.payment_no) return this.reverse(known.payment_no, partner, body.reason, guard);
    const paymentNo = this.door.nextNumber();
    const blocked = await this.door.begin({ do: 'block', guard, partner, reference, paymentNo, reason: body.reason });
    // The original came between the look and the block: it is there now and is undone like any other.
    return blocked.result === 'known' ? this.reverse(blocked.paymentNo, partner, body.reason, guard) : blocked;
  }

  private reverse(paymentNo: string, actor: string, reason: string, guard: Guard): Promise<RefundStarted> {
    return this.door.begin({ do: 'refund', guard, kind: 'reversal', paymentNo, amount: null, reason, actor });
  }

  private answer(refund: RefundRow): Answer<ReversalView> {
    return pendingAnswer(reversalView(refund, this.config.livemode));
  }
}
