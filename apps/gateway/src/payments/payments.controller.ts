import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import {
  paymentsGet,
  paymentsResolve,
  type ItemsReply,
  type PaymentBrief,
  type ResolveAnswer,
} from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import { PaymentDoor } from './payment-door';
import type { PaymentRow } from './payment.rows';
import { PaymentsReadStore } from './payments-read.store';
import { ResolvePayment } from './resolve-payment';

/** RPC: what other services may read of payments, and the door through which reconciliation's decisions come. */
@Controller()
export class PaymentsController {
  constructor(
    private readonly store: PaymentsReadStore,
    private readonly resolve: ResolvePayment,
    private readonly door: PaymentDoor,
  ) {}

  @MessagePattern('payments.get')
  async get(request: unknown): Promise<{ payments: PaymentBrief[] }> {
    const { numbers } = paymentsGet.parse(request);
    return { payments: (await this.store.findMany(numbers)).map(brief) };
  }

  @MessagePattern('payments.resolve')
  async resolveAll(request: unknown): Promise<ItemsReply<ResolveAnswer>> {
    const { items } = paymentsResolve.parse(request);
    const answers = await Promise.all(items.map((item) => this.resolve.execute(item)));
    return { items: answers, queueAgeMs: Math.round(this.door.queueAgeMs()) };
  }
}

function brief(row: PaymentRow): PaymentBrief {
  return {
    number: row.payment_no,
    state: row.state,
    creditState: row.credit_state,
    amount: toDigits(row.amount),
    charged: toDigits(row.charged),
    msisdnMasked: row.msisdn_masked,
    branch: row.branch,
    acquiringBranch: row.acquiring_branch,
    channel: row.channel,
    partner: row.partner,
    provider: row.provider,
    providerTxnId: row.provider_txn_id,
    businessDate: row.business_date,
    createdAt: row.created_at.toISOString(),
  };
}
