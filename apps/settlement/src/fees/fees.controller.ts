import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { feesDecide, feesList, feesPropose, feesQuote, type ReplyOf } from '@yidian/contracts';
import { Door } from '../rpc/door';
import { ChangeSchedule } from './change-schedule';
import { QuoteFees } from './quote-fees';

@Controller()
export class FeesController {
  constructor(
    private readonly door: Door,
    private readonly quoteFees: QuoteFees,
    private readonly changeSchedule: ChangeSchedule,
  ) {}

  @MessagePattern('fees.quote')
  quote(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'fees.quote'>> {
    return this.door.items(feesQuote, request, (items) => this.quoteFees.execute(items));
  }

  @MessagePattern('fees.propose')
  propose(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'fees.propose'>> {
    return this.door.answer(feesPropose, request, (valid) => this.changeSchedule.propose(valid));
  }

  @MessagePattern('fees.decide')
  decide(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'fees.decide'>> {
    return this.door.answer(feesDecide, request, (valid) => this.changeSchedule.decide(valid));
  }

  @MessagePattern('fees.list')
  list(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'fees.list'>> {
    return this.door.answer(feesList, request, async ({ provider }) => ({
      schedules: await this.changeSchedule.list(provider),
    }));
  }
}
