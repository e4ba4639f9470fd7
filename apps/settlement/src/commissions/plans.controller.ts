import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { plansDecide, plansPropose, type ReplyOf } from '@yidian/contracts';
import { Door } from '../rpc/door';
import { ChangePlan } from './change-plan';

@Controller()
export class PlansController {
  constructor(
    private readonly door: Door,
    private readonly changePlan: ChangePlan,
  ) {}

  @MessagePattern('plans.propose')
  propose(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'plans.propose'>> {
    return this.door.answer(plansPropose, request, (valid) => this.changePlan.propose(valid));
  }

  @MessagePattern('plans.decide')
  decide(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'plans.decide'>> {
    return this.door.answer(plansDecide, request, (valid) => this.changePlan.decide(valid));
  }

  @MessagePattern('plans.list')
  list(): Promise<ReplyOf<'settlement', 'plans.list'>> {
    return this.door.run(async () => ({ plans: await this.changePlan.list() }));
  }
}
