import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { decodeCursor, encodeCursor } from '@yidian/http';
import type { GatewayConfig } from '../gateway.config';
import { PersonNumbers } from '../notifications/person-number';
import { CONFIG } from '../platform';
import { numberOf } from './numbers';
import type { PaymentRow } from './payment.rows';
import type { ListPaymentsQuery, Origin, Page, PaymentView, RefundView, ReversalView } from './payment.schema';
import { attemptViewOf, paymentView, refundView, reversalView } from './payment.view';
import { PaymentsReadStore } from './payments-read.store';

/** Reads of a caller's own objects; another's are not found. */
@Injectable()
export class FindPayments {
  constructor(
    private readonly store: PaymentsReadStore,
    private readonly numbers: PersonNumbers,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async byId(origin: Origin, id: string, expand: readonly string[]): Promise<PaymentView> {
    const number = numberOf('pay', id);
    const payment = number ? await this.store.find(number) : undefined;
    if (!payment || !this.mine(origin, payment)) throw new Problem('not_found');
    return this.view(payment, expand);
  }

  async list(origin: Origin, query: ListPaymentsQuery): Promise<Page<PaymentView>> {
    if (query.reference !== undefined) return this.byReference(origin, query.reference);
    const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor, ['t', 'n']);
    const rows = await this.store.list({
      partner: origin.partner,
      payerBlind: origin.payer === null ? null : this.numbers.blind(origin.payer),
      limit: query.limit + 1,
      ...(query.state ? { state: query.state } : {}),
      ...(query.created_from ? { from: new Date(query.created_from) } : {}),
      ...(query.created_to ? { to: new Date(query.created_to) } : {}),
      ...(before ? { before: { createdAt: new Date(before.t), paymentNo: before.n } } : {}),
    });
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page.at(-1) : undefined;
    const cursor = last ? encodeCursor({ t: last.created_at.toISOString(), n: last.payment_no }) : null;
    const data = page.map((row) => paymentView(row, this.config.livemode));
    return { data, has_more: cursor !== null, next_cursor: cursor };
  }

  private async byReference(origin: Origin, reference: string): Promise<Page<PaymentView>> {
    const row = await this.store.reference(origin.partner, reference);
    const payment = row?.payment_no ? await this.store.find(row.payment_no) : undefined;
    const data = payment ? [paymentView(payment, this.config.livemode)] : [];
    return { data, has_more: false, next_cursor: null };
  }

  private async view(payment: PaymentRow, expand: readonly string[]): Promise<PaymentView> {
    const view = paymentView(payment, this.config.livemode);
    if (expand.includes('attempts'))
      view.attempts = (await this.store.attemptsOf(payment.payment_no)).map(attemptViewOf);
    if (expand.includes('refunds')) {
      const refunds = (await this.store.refundsOf(payment.payment_no)).filter((refund) => refund.kind === 'refund');
      view.refunds = refunds.map((refund) => refundView(refund, this.config.livemode));
    }
    return view;
  }

  private mine(origin: Origin, payment: PaymentRow): boolean {
    if (origin.payer !== null) return payment.payer_blind === this.numbers.blind(origin.payer);
    return origin.partner !== '' && payment.partner === origin.partner;
  }
}

@Injectable()
export class FindRefund {
  constructor(
    private readonly store: PaymentsReadStore,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async byId(origin: Origin, id: string): Promise<RefundView> {
    const number = numberOf('rfd', id);
    const refund = number ? await this.store.refund(number) : undefined;
    if (refund?.partner !== origin.partner || refund.kind !== 'refund') throw new Problem('not_found');
    return refundView(refund, this.config.livemode);
  }
}

@Injectable()
export class FindReversal {
  constructor(
    private readonly store: PaymentsReadStore,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async byId(origin: Origin, id: string): Promise<ReversalView> {
    const number = numberOf('rev', id);
    const refund = number ? await this.store.refund(number) : undefined;
    if (refund?.partner !== origin.partner || refund.kind !== 'reversal') throw new Problem('not_found');
    return reversalView(refund, this.config.livemode);
  }
}
