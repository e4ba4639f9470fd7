import { Controller, Get } from '@nestjs/common';
import { listOf, listSchema, Operation, ValidQuery, type ListOf } from '@yidian/http';
import { fromJson } from '@yidian/money';
import { Customer, ForCustomer, type CustomerCaller } from '../../access';
import { BillingClient } from '../../payments/billing.client';
import { Routes } from '../../routing/routes';
import { cashiersQuery, cashierView, type CashiersQuery, type CashierView } from './portal.schema';

/** Where a customer can pay this sum now: he chooses, in the order that routing prefers. */
@Controller('v1/portal/cashiers')
export class PortalCashiersController {
  constructor(
    private readonly routes: Routes,
    private readonly billing: BillingClient,
  ) {}

  @Get()
  @ForCustomer()
  @Operation({
    id: 'listPortalCashiers',
    summary: 'Providers at which this sum can be paid now, best first',
    description:
      'Ordered by the routing rule for `cashier`. Who is stopped, planned to be away or failing is left out. Pay with ' +
      '`funding: {type: cashier, provider, presentation}`.',
    door: 'customer',
    tag: 'Portal',
    query: cashiersQuery,
    answers: { 200: listSchema(cashierView) },
    problems: ['number_unknown', 'number_ported_out'],
  })
  async list(
    @Customer() { msisdn }: CustomerCaller,
    @ValidQuery() { amount, branch }: CashiersQuery,
  ): Promise<ListOf<CashierView>> {
    const home = branch ?? (await this.billing.payee(msisdn)).branch.code;
    const found = await this.routes.cashiers({ branch: home, amount: fromJson(amount) });
    const views = found.map(({ provider: { row }, presentations }) => ({
      object: 'portal_cashier' as const,
      provider: { code: row.code, name: row.name_zh },
      presentations,
    }));
    return listOf('/v1/portal/cashiers', views, null);
  }
}
