import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import type { GatewayConfig } from '../gateway.config';
import { PersonNumbers } from '../notifications/person-number';
import { CONFIG } from '../platform';
import { KeptAnswers, KeySeen, scopeOf, type Worked } from './kept-answers';
import { paymentId } from './numbers';
import type { Opening } from './attempt-steps';
import { PaymentDoor } from './payment-door';
import { PaymentFlow, type GoneOn } from './payment-flow';
import { PaymentOrders, type PaymentOrder, type PreparedOrder } from './payment-order';
import type { Ways } from './payment-funds';
import type { AttemptRow, PaymentRow } from './payment.rows';
import type { Answer, Keyed, PaymentView } from './payment.schema';
import { paymentAnswer, paymentView } from './payment.view';
import { PaymentsReadStore } from './payments-read.store';
import type { Guard } from './rule-create';
import { TakeMoney } from './take-money';

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
    private readonly takeMoney: TakeMoney,
    private readonly store: PaymentsReadStore,
    private readonly numbers: PersonNumbers,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  execute(command: Keyed<PaymentOrder>): Promise<Answer<PaymentView>> {
    const { origin, idempotencyKey: key, body } = command;
    const scope = scopeOf(origin, origin.payer === null ? null : this.numbers.blind(origin.payer));
    return this.answers.execute(
      { scope, key, kind: 'payment', body },
      {
        first: (guard) => this.create(command, guard),
        current: async (paymentNo) => this.answer(await this.store.find(paymentNo)),
        remembered: (paymentNo) => this.remembered(paymentNo),
      },
    );
  }

  private async create(command: Keyed<PaymentOrder>, guard: Guard): Promise<Worked<PaymentView>> {
    const paymentNo = this.door.nextNumber();
    const prepared = await this.orders.prepare(command, paymentNo);
    const { payment, attempt, decision, waitUntil } = prepared;
    const { scope, k, request_hash, members, object_kind } = guard;
    const created = await this.door.begin({
      do: 'create',
      guard: { scope, k, request_hash, members, object_kind, object_id: paymentNo },
      payment,
      attempt,
      exposureLimit: command.origin.exposureLimit,
      exposureHeld: command.origin.exposureHeld ?? false,
      decision,
      waitUntil,
    });
    if (created.result === 'seen') throw new KeySeen(created.key);
    if (created.result === 'refused') {
      const { code, paymentNo: other } = created;
      await this.orders.explain(code, payment);
      throw new Problem(code, other ? { extra: { payment: paymentId(other) } } : {});
    }
    const { payment: after, answer } = await this.carryOut(created.payment, command, guard, prepared);
    return answer ? { answer, kept: true } : { answer: this.answer(after), kept: false };
  }

  private carryOut(
    payment: PaymentRow,
    { body: { funding, expires_in }, payerIp }: Keyed<PaymentOrder>,
    key: Guard,
    { attempt, ways }: PreparedOrder,
  ): Promise<GoneOn> {
    if (!attempt || funding.type === 'collected') return this.flow.goOn(payment, key);
    // As it stands in the books: the order's time is the write's.
    const written = { ...attempt, submitted_at: payment.created_at };
    if (funding.type === 'agreement') return this.debit(payment, written, ways, key);
    const opening = openingOf(funding, expires_in ?? CASHIER_LIVES_S, payerIp);
    return this.takeMoney.open(payment, written, ways, opening).then((opened) => ({ payment: opened }));
  }

  private async debit(payment: PaymentRow, attempt: AttemptRow, ways: Ways | null, key: Guard): Promise<GoneOn> {
    // Waits for its provider, or goes in a file.
    if (payment.state === 'created' || attempt.kind === 'batch') return { payment };
    return this.flow.goOn(await this.takeMoney.debit(payment, attempt, ways), key);
  }

  /**
   * A payment that was completed or rejected at once keeps no answer of its own: its row and history say what was told,
   * whatever became of it later.
   */
  private async remembered(paymentNo: string): Promise<Answer<PaymentView> | undefined> {
    const payment = await this.store.find(paymentNo);
    if (!payment) return undefined;
    if (payment.state === 'rejected') return this.answer(payment);
    const history = await this.store.historyOf(payment);
    const completed = history.some((row) => row.from_state === 'paid' && row.to_state === 'completed');
    return completed ? this.answer({ ...payment, state: 'completed', refunded: 0n }) : undefined;
  }

  private answer(payment: PaymentRow | undefined): Answer<PaymentView> {
    if (!payment) throw new Problem('internal');
    return paymentAnswer(paymentView(payment, this.config.livemode));
  }
}

function openingOf(funding: CashierFunding, livesSeconds: number, seenIp: string | undefined): Opening {
  const { presentation, payer_openid: payerOpenid, payer_ip: toldIp } = funding;
  const payerIp = toldIp ?? seenIp;
  return { livesSeconds, presentation, ...(payerOpenid ? { payerOpenid } : {}), ...(payerIp ? { payerIp } : {}) };
}

type CashierFunding = Extract<PaymentOrder['funding'], { type: 'cashier' }>;

const CASHIER_LIVES_S = 900;
