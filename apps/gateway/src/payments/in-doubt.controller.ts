import { Controller, Get, Inject } from '@nestjs/common';
import { listOf, listSchema, Operation, type ListOf } from '@yidian/http';
import { ForOperator } from '../access';
import type { GatewayConfig } from '../gateway.config';
import { CONFIG } from '../platform';
import { paymentView, type PaymentView } from './payment.schema';
import { paymentView as view } from './payment.view';
import { PaymentsReadStore } from './payments-read.store';

const MOST = 100;

/** The human queue. Nothing in it is guessed: it waits for a provider's word, a statement, or a resolution. */
@Controller('v1/operations')
export class InDoubtController {
  constructor(
    private readonly store: PaymentsReadStore,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Get('in_doubt')
  @ForOperator('operations', 'customer_care', 'finance_maker', 'finance_checker', 'auditor')
  @Operation({
    id: 'listInDoubt',
    summary: 'Payments that no ladder could settle, oldest first',
    door: 'operator',
    tag: 'Operations',
    answers: { 200: listSchema(paymentView) },
  })
  async list(): Promise<ListOf<PaymentView>> {
    const rows = await this.store.waitingForPeople(MOST);
    return listOf(
      '/v1/operations/in_doubt',
      rows.map((row) => view(row, this.config.livemode)),
      null,
    );
  }
}
