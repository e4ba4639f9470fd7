import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { Operation, ValidBody } from '@yidian/http';
import type { z } from 'zod';
import { Customer, ForCustomer, type CustomerCaller } from '../../access';
import { LocalRates } from '../../access/local-rates';
import { numberQueryRequest, numberQueryView, QueryNumber, type NumberQueryView } from '../../payments';
import { Family } from './family';
import { GetCustomer } from './get-customer';
import { originOf } from './origin';
import { customerView, type CustomerView } from './portal.schema';

/** Somebody looking up numbers one after another learns names: tighter than any person types. */
const QUERIES = { perSecond: 0.2, burst: 20 };

@Controller('v1/portal')
export class CustomerController {
  private readonly rates = new LocalRates();

  constructor(
    private readonly customers: GetCustomer,
    private readonly query: QueryNumber,
    private readonly family: Family,
  ) {}

  @Get('me')
  @ForCustomer()
  @Operation({
    id: 'getPortalCustomer',
    summary: 'The signed-in customer: balance, cards, family',
    door: 'customer',
    tag: 'Portal',
    answers: { 200: customerView },
    problems: ['number_unknown', 'number_ported_out'],
  })
  me(@Customer() customer: CustomerCaller): Promise<CustomerView> {
    return this.customers.execute(customer.msisdn);
  }

  @Post('number_queries')
  @HttpCode(200)
  @ForCustomer()
  @Operation({
    id: 'queryNumberOnPortal',
    summary: 'Check a number before paying for it',
    description: 'Masked owner and home branch. A balance only of the own number and of numbers that have consented.',
    door: 'customer',
    tag: 'Portal',
    body: numberQueryRequest,
    answers: { 200: numberQueryView },
    problems: ['number_unknown', 'number_ported_out', 'number_malformed', 'rate_limited'],
  })
  async queryNumber(
    @Customer() customer: CustomerCaller,
    @ValidBody() { number }: z.output<typeof numberQueryRequest>,
  ): Promise<NumberQueryView> {
    this.rates.take(customer.msisdn, QUERIES);
    const shown = await this.family.mayShowBalance(customer.msisdn, number);
    return this.query.execute(originOf(customer), number, shown);
  }
}
