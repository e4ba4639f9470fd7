import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subscriberEventsPull, subscribersChange, subscribersRegister, type ReplyOf } from '@yidian/contracts';
import { fromDigits } from '@yidian/money';
import { Frames } from '../rpc/frames';
import { ChangeSubscriber } from './change-subscriber';
import { PullEvents } from './pull-events';
import { RegisterSubscribers } from './register-subscribers';

@Controller()
export class SubscribersController {
  constructor(
    private readonly frames: Frames,
    private readonly registerSubscribers: RegisterSubscribers,
    private readonly changeSubscriber: ChangeSubscriber,
    private readonly pullEvents: PullEvents,
  ) {}

  @MessagePattern('subscribers.register')
  register(@Payload() request: unknown): Promise<ReplyOf<'billing', 'subscribers.register'>> {
    return this.frames.items(subscribersRegister, request, (items) => this.registerSubscribers.execute(items));
  }

  @MessagePattern('subscribers.change')
  change(@Payload() request: unknown): Promise<ReplyOf<'billing', 'subscribers.change'>> {
    return this.frames.answer(subscribersChange, request, ({ at, balance, ...change }) =>
      this.changeSubscriber.execute({
        ...change,
        at: new Date(at),
        ...(balance === undefined ? {} : { balance: fromDigits(balance) }),
      }),
    );
  }

  @MessagePattern('subscriber_events.pull')
  pull(@Payload() request: unknown): Promise<ReplyOf<'billing', 'subscriber_events.pull'>> {
    return this.frames.answer(subscriberEventsPull, request, (valid) => this.pullEvents.execute(valid));
  }
}
