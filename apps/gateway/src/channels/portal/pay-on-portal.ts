import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import type { CustomerCaller } from '../../access';
import { AgreementsStore } from '../../agreements/agreements.store';
import { PersonNumbers } from '../../notifications/person-number';
import { CreatePayment, type Answer, type PaymentOrder, type PaymentView } from '../../payments';
import { originOf } from './portal-origin';
import type { PortalPaymentBody } from './portal.schema';

/** A customer's order: his own number, one of his family, or any number he was shown the owner of. */
@Injectable()
export class PayOnPortal {
  constructor(
    private readonly createPayment: CreatePayment,
    private readonly agreements: AgreementsStore,
    private readonly numbers: PersonNumbers,
  ) {}

  async execute(
    customer: CustomerCaller,
    idempotencyKey: string,
    body: PortalPaymentBody,
  ): Promise<Answer<PaymentView>> {
    const { amount, currency, funding, replaces } = body;
    const order: PaymentOrder = {
      ...(await this.target(customer, body.target)),
      amount,
      currency,
      funding,
      ...(replaces === undefined ? {} : { replaces }),
    };
    const origin = originOf(customer);
    return this.createPayment.execute({ origin, idempotencyKey, body: order, source: customer.sessionId });
  }

  private async target(
    customer: CustomerCaller,
    target: PortalPaymentBody['target'],
  ): Promise<Pick<PaymentOrder, 'number' | 'number_query'>> {
    if (target.type === 'self') return { number: customer.msisdn };
    if (target.type === 'number') return { number: target.number, number_query: target.number_query };
    const linked = await this.agreements.findLinked(target.linked_number);
    if (linked?.payer_blind !== this.numbers.blind(customer.msisdn)) throw new Problem('not_found');
    if (linked.state !== 'active') throw new Problem('consent_missing');
    return { number: this.numbers.open(linked.msisdn_sealed) };
  }
}
