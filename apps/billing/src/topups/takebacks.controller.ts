import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  creditsGiveBack,
  creditsMove,
  creditsReverse,
  creditsWriteOff,
  holdsPlace,
  holdsResolve,
  settledPost,
  type ReplyOf,
} from '@yidian/contracts';
import { Frames } from '../rpc/frames';
import { GiveBackCredits } from './give-back-credits';
import { MoveCredits } from './move-credits';
import { PlaceHolds } from './place-holds';
import { PostSettled } from './post-settled';
import { ResolveHolds } from './resolve-holds';
import { ReverseCredits } from './reverse-credits';
import { WriteOffCredits } from './write-off-credits';

/** What happens to a credit after it was given: taken back, or settled by headquarters. */
@Controller()
export class TakebacksController {
  constructor(
    private readonly frames: Frames,
    private readonly placeHolds: PlaceHolds,
    private readonly resolveHolds: ResolveHolds,
    private readonly reverseCredits: ReverseCredits,
    private readonly postSettled: PostSettled,
    private readonly writeOffCredits: WriteOffCredits,
    private readonly moveCredits: MoveCredits,
    private readonly giveBackCredits: GiveBackCredits,
  ) {}

  @MessagePattern('holds.place')
  place(@Payload() request: unknown): Promise<ReplyOf<'billing', 'holds.place'>> {
    return this.frames.items(holdsPlace, request, (items) => this.placeHolds.execute(items));
  }

  @MessagePattern('holds.resolve')
  resolve(@Payload() request: unknown): Promise<ReplyOf<'billing', 'holds.resolve'>> {
    return this.frames.items(holdsResolve, request, (items) => this.resolveHolds.execute(items));
  }

  @MessagePattern('credits.reverse')
  reverse(@Payload() request: unknown): Promise<ReplyOf<'billing', 'credits.reverse'>> {
    return this.frames.items(creditsReverse, request, (items) => this.reverseCredits.execute(items));
  }

  @MessagePattern('credits.writeOff')
  writeOff(@Payload() request: unknown): Promise<ReplyOf<'billing', 'credits.writeOff'>> {
    return this.frames.items(creditsWriteOff, request, (items) => this.writeOffCredits.execute(items));
  }

  @MessagePattern('credits.move')
  move(@Payload() request: unknown): Promise<ReplyOf<'billing', 'credits.move'>> {
    return this.frames.items(creditsMove, request, (items) => this.moveCredits.execute(items));
  }

  @MessagePattern('credits.giveBack')
  giveBack(@Payload() request: unknown): Promise<ReplyOf<'billing', 'credits.giveBack'>> {
    return this.frames.items(creditsGiveBack, request, (items) => this.giveBackCredits.execute(items));
  }

  @MessagePattern('settled.post')
  settled(@Payload() request: unknown): Promise<ReplyOf<'billing', 'settled.post'>> {
    return this.frames.items(settledPost, request, (items) => this.postSettled.execute(items));
  }
}
