import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { reportFiles, reportGet, type ReplyOf } from '@yidian/contracts';
import { answer } from '../rpc/answer';
import { ReadReport } from './read-report';
import { WriteReports } from './write-reports';

@Controller()
export class ReportsController {
  constructor(
    private readonly reports: WriteReports,
    private readonly figures: ReadReport,
  ) {}

  @MessagePattern('report.get')
  get(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'report.get'>> {
    return answer(reportGet, request, (span) => this.figures.execute(span));
  }

  @MessagePattern('report.files')
  files(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'report.files'>> {
    return answer(reportFiles, request, async ({ date, provider }) => ({
      files: (await this.reports.execute(date, provider)).map(({ name, contentType, bytes }) => ({
        name,
        contentType,
        contentBase64: bytes.toString('base64'),
      })),
    }));
  }
}
