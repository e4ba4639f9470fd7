import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { itemsPage, linesOfPayments, runGet, type ReplyOf } from '@yidian/contracts';
import { answer } from '../rpc/answer';
import { FindRun } from './find-run';
import { LinesOfPayments } from './lines-of-payments';
import { PageItems } from './page-items';

@Controller()
export class RunsController {
  constructor(
    private readonly find: FindRun,
    private readonly page: PageItems,
    private readonly lines: LinesOfPayments,
  ) {}

  @MessagePattern('runs.get')
  findRun(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'runs.get'>> {
    return answer(runGet, request, async ({ provider, date }) => ({ run: await this.find.execute(provider, date) }));
  }

  @MessagePattern('items.page')
  pageItems(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'items.page'>> {
    return answer(itemsPage, request, ({ runId, after, limit }) => this.page.execute(runId, after, limit));
  }

  @MessagePattern('lines.of_payments')
  ofPayments(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'lines.of_payments'>> {
    return answer(linesOfPayments, request, ({ payments }) => this.lines.execute(payments));
  }
}
