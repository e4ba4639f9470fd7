import { Controller, Get, Res, StreamableFile } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { listOf, listSchema, Operation, ValidParams, type ListOf } from '@yidian/http';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { ReconciliationRpc } from '../../platform';
import { dateParams, fileParams, reportFile } from './finance.schema';
import { ask, assertHeadquarters, FINANCE_READERS } from './scope';

@Controller('v1/finance/report_files')
export class ReportFilesController {
  constructor(private readonly reconciliation: ReconciliationRpc) {}

  @Get(':date')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'listReportFiles',
    summary: 'Files of a night',
    door: 'operator',
    tag: 'Finance',
    params: dateParams,
    answers: { 200: listSchema(reportFile) },
    problems: ['not_found', 'busy'],
  })
  async list(
    @Operator() operator: OperatorCaller,
    @ValidParams() { date }: z.output<typeof dateParams>,
  ): Promise<ListOf<z.output<typeof reportFile>>> {
    assertHeadquarters(operator);
    const { files } = await ask(this.reconciliation.call('report.files', { date }));
    return listOf(
      `/v1/finance/report_files/${date}`,
      files.map(({ name, contentType }) => ({ name, content_type: contentType })),
      null,
    );
  }

  @Get(':date/:name')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'downloadReportFile',
    summary: 'One file of a night',
    door: 'operator',
    tag: 'Finance',
    params: fileParams,
    answers: { 200: 'application/octet-stream' },
    problems: ['not_found', 'busy'],
  })
  async one(
    @Operator() operator: OperatorCaller,
    @ValidParams() { date, name }: z.output<typeof fileParams>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    assertHeadquarters(operator);
    const { files } = await ask(this.reconciliation.call('report.files', { date }));
    const file = files.find((one) => one.name === name);
    if (!file) throw new Problem('not_found');
    void reply.header('content-type', file.contentType);
    return new StreamableFile(Buffer.from(file.contentBase64, 'base64'), {
      type: file.contentType,
      disposition: `attachment; filename="${name}"`,
    });
  }
}
