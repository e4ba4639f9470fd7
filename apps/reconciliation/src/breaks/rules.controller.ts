import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { rulesDecide, rulesList, rulesPropose, type ReplyOf } from '@yidian/contracts';
import { answer } from '../rpc/answer';
import { ChangeRules } from './change-rules';

@Controller()
export class RulesController {
  constructor(private readonly rules: ChangeRules) {}

  @MessagePattern('rules.list')
  list(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'rules.list'>> {
    return answer(rulesList, request, ({ date }) => this.rules.list(date));
  }

  @MessagePattern('rules.propose')
  propose(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'rules.propose'>> {
    return answer(rulesPropose, request, (wanted) => this.rules.propose(wanted));
  }

  @MessagePattern('rules.decide')
  decide(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'rules.decide'>> {
    return answer(rulesDecide, request, (wanted) => this.rules.decide(wanted));
  }
}
