import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { itemsOfPayments, itemsPage, linesOfPayments, matchedSegments, runGet, type ReplyOf } from '@yidian/contracts';
import { answer } from '../rpc/answer';
import { FindRun } from './find-run';
import { LinesOfPayments } from './lines-of-payments';
import { PageItems } from './page-items';
import { ReadMatched } from './read-matched';

@Controller()
export class RunsController {
  constructor(
    private readonly find: FindRun,
    private readonly page: PageItems,
    private readonly lines: LinesOfPayments,
    private readonly matched: ReadMatched,
  ) {}

  @MessagePattern('runs.get')
  findRun(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'runs.get'>> {
    return answer(runGet, request, async ({ provider, date }) => ({ run: await this.find.execute(provider, date) }));
  }

  @MessagePattern('items.page')
  pageItems(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'items.page'>> {
    return answer(itemsPage, request, ({ runId, after, limit, sealed }) =>
      this.page.execute(runId, after, limit, sealed),
    );
  }

  @MessagePattern('items.of_payments')
  itemsOf(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'items.of_payments'>> {
    return answer(itemsOfPayments, request, async ({ runId, paymentNos }) => ({
      items: await this.page.ofPayments(runId, paymentNos),
    }));
  }

  @MessagePattern('matched.segments')
  segments(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'matched.segments'>> {
    return answer(matchedSegments, request, async ({ runId }) => ({ set: await this.matched.segments(runId) }));
  }

  @MessagePattern('lines.of_payments')
  ofPayments(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'lines.of_payments'>> {
    return answer(linesOfPayments, request, ({ payments }) => this.lines.execute(payments));
  }
}
