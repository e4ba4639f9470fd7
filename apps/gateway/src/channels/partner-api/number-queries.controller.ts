import { Controller, HttpCode, Post } from '@nestjs/common';
import { Operation, ValidBody } from '@yidian/http';
import type { z } from 'zod';
import { ForPartner, Partner, type PartnerCaller } from '../../access';
import { numberQueryRequest, numberQueryView, QueryNumber, type NumberQueryView } from '../../payments';
import { originOf } from './origin';

@Controller('v1/number_queries')
export class NumberQueriesController {
  constructor(private readonly query: QueryNumber) {}

  /** Answers who owns the number; stores nothing that a later step depends on, hence no Idempotency-Key. */
  @Post()
  @HttpCode(200)
  @ForPartner('numbers:query')
  @Operation({
    id: 'queryNumber',
    summary: 'Query a number',
    description:
      'Masked owner, home branch, balance or amount due, accepted amounts. Has a tighter rate than payments.',
    door: 'partner',
    tag: 'Numbers',
    body: numberQueryRequest,
    answers: { 200: numberQueryView },
    problems: ['number_unknown', 'number_ported_out', 'number_malformed', 'maintenance'],
  })
  create(
    @Partner() partner: PartnerCaller,
    @ValidBody() body: z.output<typeof numberQueryRequest>,
  ): Promise<NumberQueryView> {
    return this.query.execute(originOf(partner), body.number);
  }
}
