import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import type { GatewayConfig } from '../gateway.config';
import { PersonNumbers } from '../notifications/person-number';
import { CONFIG } from '../platform';
import { KeptAnswers, KeySeen, scopeOf } from './kept-answers';
import { paymentId } from './numbers';
import { PaymentDoor } from './payment-door';
import { PaymentFlow } from './payment-flow';
import { PaymentOrders, type PaymentOrder } from './payment-order';
import type { PaymentRow } from './payment.rows';
import type { Answer, Keyed, PaymentView } from './payment.schema';
import { paymentAnswer, paymentView } from './payment.view';
import { PaymentsReadStore } from './payments-read.store';
import type { Guard } from './rule-create';

/**
 * Promise: the payment and the attempt stand in the books, under their key and reference, before anybody outside is
 * asked for money; what nobody has answered is unknown, never failed; the key is answered once.
 */
@Injectable()
export class CreatePayment {
  constructor(
    private readonly answers: KeptAnswers,
    private readonly orders: PaymentOrders,
    private readonly door: PaymentDoor,
    private readonly flow: PaymentFlow,
    private readonly store: PaymentsReadStore,
    private readonly numbers: PersonNumbers,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  execute(command: Keyed<PaymentOrder>): Promise<Answer<PaymentView>> {
    const { origin, idempotencyKey: key, body } = command;
    const scope = scopeOf(origin, origin.payer === null ? null : this.numbers.blind(origin.payer));
    return this.answers.execute(
      { scope, key, kind: 'payment', body },
      (guard) => this.create(command, guard),
      async (paymentNo) => this.answer(await this.store.find(paymentNo)),
    );
  }

  private async create(command: Keyed<PaymentOrder>, guard: Guard): Promise<Answer<PaymentView>> {
    const paymentNo = this.door.nextNumber();
    const { payment, attempt } = await this.orders.prepare(command, paymentNo);
    const created = await this.door.begin({
      do: 'create',
      guard: { ...guard, object_id: paymentNo },
      payment,
      attempt,
      exposureLimit: command.origin.exposureLimit,
    });
    if (created.result === 'seen') throw new KeySeen(created.key);
    if (created.result === 'refused') {
      const { code, paymentNo: other } = created;
      throw new Problem(code, other ? { extra: { payment: paymentId(other) } } : {});
    }
    return this.answer(await this.carryOut(created.payment, command.body));
  }

  private async carryOut(payment: PaymentRow, body: PaymentOrder): Promise<PaymentRow> {
    const { attempts } = this.flow;
    switch (body.funding.type) {
      case 'collected':
        return this.flow.afterMoney(payment);
      case 'agreement':
        return this.flow.afterMoney(await attempts.debit(payment));
      case 'cashier':
        return attempts.openCashier(payment, body.expires_in ?? CASHIER_LIVES_S, body.funding.presentation);
    }
  }

  private answer(payment: PaymentRow | undefined): Answer<PaymentView> {
    if (!payment) throw new Problem('internal');
    return paymentAnswer(paymentView(payment, this.config.livemode));
  }
}

const CASHIER_LIVES_S = 900;
