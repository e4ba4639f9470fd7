import { Body, Controller, Headers, Inject, Post } from '@nestjs/common';
import type { ClientProxy } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { TOPUP, type TopupCall, type TopupReply } from '../topup-call';
import { CreatePaymentDto } from './create-payment.dto';
import { Payment } from './gateway.entities';
import type { PaymentsStore } from './payments.store';

export const BILLING = Symbol('billing');
export const STORE = Symbol('payments');

@Controller('payments')
export class PaymentsController {
  private given = 0;

  constructor(
    @Inject(BILLING) private readonly billing: ClientProxy,
    @Inject(STORE) private readonly store: PaymentsStore,
  ) {}

  @Post()
  async create(@Body() body: CreatePaymentDto, @Headers('idempotency-key') key: string): Promise<object> {
    const payment = this.paymentOf(body, key);
    await this.store.take(payment);
    const call: TopupCall = { paymentNumber: payment.number, msisdn: payment.msisdn, amount: body.amount };
    const reply = await firstValueFrom(this.billing.send<TopupReply>(TOPUP, call));
    payment.state = reply.outcome === 'credited' ? 'completed' : 'rejected';
    payment.updatedAt = new Date();
    await this.store.complete(payment, reply);
    return viewOf(payment, body.amount, reply);
  }

  private paymentOf(body: CreatePaymentDto, key: string): Payment {
    const payment = new Payment();
    payment.number = this.nextNumber();
    payment.partner = 'bench';
    payment.reference = body.reference;
    payment.idempotencyKey = key.replaceAll('"', '');
    payment.state = 'paid';
    payment.msisdn = body.number;
    payment.branch = null;
    payment.amount = BigInt(body.amount);
    payment.currency = body.currency;
    payment.teller = body.funding.teller ?? '';
    payment.balanceAfter = null;
    payment.createdAt = new Date();
    payment.updatedAt = payment.createdAt;
    return payment;
  }

  /** 20 digits, rising. */
  private nextNumber(): string {
    this.given = (this.given + 1) % 10_000_000;
    return `${Date.now()}${String(this.given).padStart(7, '0')}`;
  }
}

function viewOf(payment: Payment, amount: number, { balanceAfter, branch, reason }: TopupReply): object {
  return {
    id: `pay_${payment.number}`,
    object: 'payment',
    number: payment.number,
    reference: payment.reference,
    state: payment.state,
    final: true,
    amount,
    currency: payment.currency,
    msisdn: `${payment.msisdn.slice(0, 3)}****${payment.msisdn.slice(-4)}`,
    branch,
    topup: { state: payment.state, code: reason ?? null, balance_after: Number(balanceAfter ?? 0) },
    created_at: payment.createdAt.toISOString(),
  };
}
