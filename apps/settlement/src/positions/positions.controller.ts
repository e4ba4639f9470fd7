import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { positionsGet, type ReplyOf } from '@yidian/contracts';
import { Door } from '../rpc/door';
import { GetPositions } from './get-positions';

@Controller()
export class PositionsController {
  constructor(
    private readonly door: Door,
    private readonly getPositions: GetPositions,
  ) {}

  @MessagePattern('positions.get')
  get(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'positions.get'>> {
    return this.door.answer(positionsGet, request, (valid) => this.getPositions.execute(valid));
  }
}
