import { Injectable } from '@nestjs/common';
import type { CustomerCaller } from '../../access';
import {
  CreatePayment,
  FindPayments,
  type Answer,
  type Page,
  type PaymentOrder,
  type PaymentView,
} from '../../payments';
import type { PaymentRow } from '../../payments/payment.rows';
import { PaymentsReadStore } from '../../payments/payments-read.store';
import { Family } from './family';
import { originOf } from './origin';
import type { PortalPaymentRequest, PortalPaymentsQuery } from './portal.schema';

/**
 * Promise: a customer orders with own agreements, for the number he was shown, once per key; he sees his own payments
 * and, after one for somebody else, no balance of a number that has not consented.
 */
@Injectable()
export class CustomerPayments {
  constructor(
    private readonly createPayment: CreatePayment,
    private readonly payments: FindPayments,
    private readonly store: PaymentsReadStore,
    private readonly family: Family,
  ) {}

  async create(
    customer: CustomerCaller,
    { key, device, ip }: { key: string; device: string | undefined; ip: string },
    request: PortalPaymentRequest,
  ): Promise<Answer<PaymentView>> {
    const { amount, currency, funding, replaces } = request;
    const target = await this.target(customer.msisdn, request.target);
    const body: PaymentOrder = { ...target, amount, currency, funding, ...(replaces ? { replaces } : {}) };
    const answer = await this.createPayment.execute({
      origin: originOf(customer),
      idempotencyKey: key,
      body,
      source: customer.sessionId,
      payerIp: ip,
      ...(device === undefined ? {} : { device }),
    });
    return { ...answer, body: await this.shown(answer.body) };
  }

  async byId(customer: CustomerCaller, id: string): Promise<PaymentView> {
    return this.shown(await this.payments.byId(originOf(customer), id, []));
  }

  async list(customer: CustomerCaller, query: PortalPaymentsQuery): Promise<Page<PaymentView>> {
    const page = await this.payments.list(originOf(customer), query);
    if (page.data.length === 0) return page;
    const rows = await this.store.findMany(page.data.map((view) => view.number));
    const byNumber = new Map(rows.map((row) => [row.payment_no, row]));
    return { ...page, data: page.data.map((view) => withoutOthersBalance(view, byNumber.get(view.number))) };
  }

  private async target(
    customer: string,
    target: PortalPaymentRequest['target'],
  ): Promise<Pick<PaymentOrder, 'number' | 'number_query'>> {
    switch (target.type) {
      case 'self':
        return { number: customer };
      case 'linked':
        return { number: (await this.family.consented(customer, target.linked_number)).number };
      case 'number':
        return { number: target.number, number_query: target.number_query };
    }
  }

  private async shown(view: PaymentView): Promise<PaymentView> {
    return withoutOthersBalance(view, await this.store.find(view.number));
  }
}

/** Paid as a linked number means that it had consented; anything else than that or the payer's own stays hidden. */
function withoutOthersBalance(view: PaymentView, row: PaymentRow | undefined): PaymentView {
  const open = row !== undefined && (row.payer_blind === row.msisdn_blind || row.linked_id !== null);
  return open ? view : { ...view, topup: { ...view.topup, balance_after: null } };
}
