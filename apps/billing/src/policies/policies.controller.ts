import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { policiesDecide, policiesInForce, policiesList, policiesPropose, type ReplyOf } from '@yidian/contracts';
import { Frames } from '../rpc/frames';
import { DecidePolicy } from './decide-policy';
import { ProposePolicy } from './propose-policy';
import { ReadPolicies } from './read-policies';

@Controller()
export class PoliciesController {
  constructor(
    private readonly frames: Frames,
    private readonly proposePolicy: ProposePolicy,
    private readonly decidePolicy: DecidePolicy,
    private readonly readPolicies: ReadPolicies,
  ) {}

  @MessagePattern('policies.propose')
  propose(@Payload() request: unknown): Promise<ReplyOf<'billing', 'policies.propose'>> {
    return this.frames.answer(policiesPropose, request, (valid) => this.proposePolicy.execute(valid));
  }

  @MessagePattern('policies.decide')
  decide(@Payload() request: unknown): Promise<ReplyOf<'billing', 'policies.decide'>> {
    return this.frames.answer(policiesDecide, request, (valid) => this.decidePolicy.execute(valid));
  }

  @MessagePattern('policies.list')
  list(@Payload() request: unknown): Promise<ReplyOf<'billing', 'policies.list'>> {
    return this.frames.answer(policiesList, request, (valid) => this.readPolicies.list(valid));
  }

  @MessagePattern('policies.in_force')
  inForce(@Payload() request: unknown): Promise<ReplyOf<'billing', 'policies.in_force'>> {
    return this.frames.answer(policiesInForce, request, async (valid) => this.readPolicies.inForce(valid));
  }
}
