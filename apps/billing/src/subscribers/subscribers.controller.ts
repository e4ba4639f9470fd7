import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subscribersRegister, type ReplyOf } from '@yidian/contracts';
import { Frames } from '../rpc/frames';
import { RegisterSubscribers } from './register-subscribers';

@Controller()
export class SubscribersController {
  constructor(
    private readonly frames: Frames,
    private readonly registerSubscribers: RegisterSubscribers,
  ) {}

  @MessagePattern('subscribers.register')
  register(@Payload() request: unknown): Promise<ReplyOf<'billing', 'subscribers.register'>> {
    return this.frames.items(subscribersRegister, request, (items) => this.registerSubscribers.execute(items));
  }
}
