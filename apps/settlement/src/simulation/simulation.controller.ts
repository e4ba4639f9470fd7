import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { feesSimulate, type ReplyOf } from '@yidian/contracts';
import { Door } from '../rpc/door';
import { SimulateSchedule } from './simulate-schedule';

@Controller()
export class SimulationController {
  constructor(
    private readonly door: Door,
    private readonly simulateSchedule: SimulateSchedule,
  ) {}

  @MessagePattern('fees.simulate')
  simulate(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'fees.simulate'>> {
    return this.door.answer(feesSimulate, request, (valid) => this.simulateSchedule.execute(valid));
  }
}
