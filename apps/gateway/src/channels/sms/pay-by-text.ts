import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { toJson } from '@yidian/money';
import { maskNumber } from '@yidian/security';
import type { GatewayConfig } from '../../gateway.config';
import { yuan } from '../../notifications/sms-words';
import { CreatePayment, QueryNumber, type PaymentView } from '../../payments';
import { CONFIG } from '../../platform';
import { FindPayee } from './find-payee';
import { Questions } from './questions';
import type { Target } from './read-command';
import { RefusalText } from './refusal-text';
import { Repeats } from './repeats';
import { originOf } from './sms-origin';
import { say, type Message, type Outcome, type TextOrder } from './text-order';

/**
 * Promise: money by text moves only for what was clearly asked, once per message and once per window; for a number that
 * has not consented, and above a sum, only after the sender has returned a code. The key is the message's own, so a message that is taken
 * up again after a crash finds its payment.
 */
@Injectable()
export class PayByText {
  constructor(
    private readonly payee: FindPayee,
    private readonly questions: Questions,
    private readonly repeats: Repeats,
    private readonly createPayment: CreatePayment,
    private readonly query: QueryNumber,
    private readonly refusals: RefusalText,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** @throws Problem busy (nothing was done) or internal (not known): the same message is to be taken up again */
  async topUp(message: Message, target: Target, amount: bigint): Promise<Outcome> {
    const payee = await this.payee.execute(message.from, target, amount);
    switch (payee.found) {
      case 'sure':
        if (amount > BigInt(this.config.SMS_CONFIRM_ABOVE_FEN)) return this.confirm(message, payee.order);
        if (await this.repeats.mayPay(message, payee.order)) return this.pay(message, payee.order);
        return this.questions.payAgain(message, payee.order);
      case 'ask':
        return this.confirm(message, payee.order);
      case 'several':
        return this.questions.choose(message, payee.word, payee.orders);
      case 'none':
        return payee.outcome;
    }
  }

  /** A reply to a question of ours; null when its code is none of this number's. */
  async reply(message: Message, code: string): Promise<Outcome | null> {
    const order = await this.questions.answered(message, code);
    return order && this.pay(message, order);
  }

  /** The number is looked up first: nobody is asked to confirm what cannot be paid, nor pays for its next owner. */
  private async confirm(message: Message, order: TextOrder): Promise<Outcome> {
    try {
      const { id, accepts } = await this.query.execute(originOf(message.from), order.number);
      const refusal = await this.refusals.foreseen(accepts, message, order);
      if (refusal) return { text: refusal, paymentNo: null };
      return await this.questions.confirm(message, { ...order, numberQuery: id });
    } catch (error) {
      return this.refused(error, message, order);
    }
  }

  private async pay(message: Message, order: TextOrder): Promise<Outcome> {
    try {
      const { body } = await this.createPayment.execute({
        origin: originOf(message.from),
        idempotencyKey: `sms-${message.id}`,
        body: {
          number: order.number,
          ...(order.numberQuery ? { number_query: order.numberQuery } : {}),
          amount: toJson(BigInt(order.amount)),
          currency: 'CNY',
          funding: { type: 'agreement', agreement: order.agreement },
        },
        source: message.id,
      });
      return { text: stillOpen(body, order), paymentNo: body.number };
    } catch (error) {
      return this.refused(error, message, order);
    }
  }

  private async refused(error: unknown, message: Message, order: TextOrder): Promise<Outcome> {
    if (!(error instanceof Problem) || error.code === 'busy' || error.code === 'internal') throw error;
    return { text: await this.refusals.of(error, message, order), paymentNo: null };
  }
}

/** Ends, and the bank's silence, are told by the payment itself; what still runs after the call is told here. */
function stillOpen({ state }: PaymentView, { number, amount }: TextOrder): Outcome['text'] {
  const params = { number: maskNumber(number), amount: yuan(BigInt(amount)) };
  if (state === 'submitted') return say('unknown', params).text;
  return state === 'paid' ? say('crediting', params).text : null;
}
