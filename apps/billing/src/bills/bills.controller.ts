import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { billsIssue, billsList, type ReplyOf } from '@yidian/contracts';
import { Frames } from '../rpc/frames';
import { IssueBills } from './issue-bills';
import { ListBills } from './list-bills';

@Controller()
export class BillsController {
  constructor(
    private readonly frames: Frames,
    private readonly issueBills: IssueBills,
    private readonly listBills: ListBills,
  ) {}

  @MessagePattern('bills.issue')
  issue(@Payload() request: unknown): Promise<ReplyOf<'billing', 'bills.issue'>> {
    return this.frames.items(billsIssue, request, (items) => this.issueBills.execute(items));
  }

  @MessagePattern('bills.list')
  list(@Payload() request: unknown): Promise<ReplyOf<'billing', 'bills.list'>> {
    return this.frames.answer(billsList, request, (valid) => this.listBills.execute(valid));
  }
}
