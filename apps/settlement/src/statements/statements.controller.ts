import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { statementGet, type ReplyOf } from '@yidian/contracts';
import { Door } from '../rpc/door';
import { GetStatement } from './get-statement';

@Controller()
export class StatementsController {
  constructor(
    private readonly door: Door,
    private readonly getStatement: GetStatement,
  ) {}

  @MessagePattern('statements.get')
  get(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'statements.get'>> {
    return this.door.answer(statementGet, request, async ({ party, date }) => ({
      statement: await this.getStatement.execute(party, date),
    }));
  }
}
