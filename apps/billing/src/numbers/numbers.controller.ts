import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { numbersLookup, type ReplyOf } from '@yidian/contracts';
import { Frames } from '../rpc/frames';
import { LookupNumbers } from './lookup-numbers';

@Controller()
export class NumbersController {
  constructor(
    private readonly frames: Frames,
    private readonly lookupNumbers: LookupNumbers,
  ) {}

  @MessagePattern('numbers.lookup')
  lookup(@Payload() request: unknown): Promise<ReplyOf<'billing', 'numbers.lookup'>> {
    return this.frames.items(numbersLookup, request, (items) => this.lookupNumbers.execute(items));
  }
}
