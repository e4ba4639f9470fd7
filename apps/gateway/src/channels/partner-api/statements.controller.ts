import { Controller, Get, Res } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { dateField, Operation, ValidParams } from '@yidian/http';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ForPartner, Partner, type PartnerCaller } from '../../access';
import { PartnerStatements } from '../../partner-statements/partner-statements';

const dateParams = z.strictObject({ date: dateField });

@Controller('v1/statements')
export class StatementsController {
  constructor(private readonly statements: PartnerStatements) {}

  @Get(':date')
  @ForPartner('payments:collect', 'payments:read')
  @Operation({
    id: 'downloadStatement',
    summary: 'What we booked for you on a business date',
    description:
      'Format YD1, totals in its last line; there once the date is closed (event `statement.ready`), and always the same bytes.',
    door: 'partner',
    tag: 'Payments',
    params: dateParams,
    answers: { 200: 'text/plain' },
    problems: ['not_found'],
  })
  async one(
    @Partner() partner: PartnerCaller,
    @ValidParams() { date }: z.output<typeof dateParams>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    if (partner.provider === null) throw new Problem('not_found');
    const { text, sha256 } = await this.statements.make(partner.provider, date);
    const name = `YD1_${partner.provider}_${date}.txt`;
    void reply.header('content-type', 'text/plain; charset=utf-8');
    void reply.header('content-disposition', `attachment; filename="${name}"`);
    void reply.header('etag', `"${sha256}"`);
    return text;
  }
}
