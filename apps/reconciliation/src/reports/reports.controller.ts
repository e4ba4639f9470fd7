import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { reportFiles, type ReplyOf } from '@yidian/contracts';
import { answer } from '../rpc/answer';
import { WriteReports } from './write-reports';

@Controller()
export class ReportsController {
  constructor(private readonly reports: WriteReports) {}

  @MessagePattern('report.files')
  files(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'report.files'>> {
    return answer(reportFiles, request, async ({ date }) => ({
      files: (await this.reports.execute(date)).map(({ name, contentType, bytes }) => ({
        name,
        contentType,
        contentBase64: bytes.toString('base64'),
      })),
    }));
  }
}
