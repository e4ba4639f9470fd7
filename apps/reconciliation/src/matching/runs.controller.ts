import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { itemsPage, runGet, type ReplyOf } from '@yidian/contracts';
import { answer } from '../rpc/answer';
import { FindRun } from './find-run';
import { PageItems } from './page-items';

@Controller()
export class RunsController {
  constructor(
    private readonly find: FindRun,
    private readonly page: PageItems,
  ) {}

  @MessagePattern('runs.get')
  findRun(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'runs.get'>> {
    return answer(runGet, request, async ({ provider, date }) => ({ run: await this.find.execute(provider, date) }));
  }

  @MessagePattern('items.page')
  pageItems(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'items.page'>> {
    return answer(itemsPage, request, ({ runId, after, limit }) => this.page.execute(runId, after, limit));
  }
}
