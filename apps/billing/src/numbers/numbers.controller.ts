import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { numbersLookup, numbersOwnerAt, type ReplyOf } from '@yidian/contracts';
import { Frames } from '../rpc/frames';
import { LookupNumbers } from './lookup-numbers';
import { OwnerAt } from './owner-at';

@Controller()
export class NumbersController {
  constructor(
    private readonly frames: Frames,
    private readonly lookupNumbers: LookupNumbers,
    private readonly ownerAt: OwnerAt,
  ) {}

  @MessagePattern('numbers.lookup')
  lookup(@Payload() request: unknown): Promise<ReplyOf<'billing', 'numbers.lookup'>> {
    return this.frames.items(numbersLookup, request, (items) => this.lookupNumbers.execute(items));
  }

  @MessagePattern('numbers.owner_at')
  owner(@Payload() request: unknown): Promise<ReplyOf<'billing', 'numbers.owner_at'>> {
    return this.frames.items(numbersOwnerAt, request, (items) => this.ownerAt.execute(items));
  }
}
