import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { feesQuote, type ReplyOf } from '@yidian/contracts';
import { Door } from '../rpc/door';
import { QuoteFees } from './quote-fees';

@Controller()
export class FeesController {
  constructor(
    private readonly door: Door,
    private readonly quoteFees: QuoteFees,
  ) {}

  @MessagePattern('fees.quote')
  quote(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'fees.quote'>> {
    return this.door.items(feesQuote, request, (items) => this.quoteFees.execute(items));
  }
}
