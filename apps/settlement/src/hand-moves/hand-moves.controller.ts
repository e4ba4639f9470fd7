import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { handMovesDecide, handMovesList, handMovesPropose, suspenseList, type ReplyOf } from '@yidian/contracts';
import { Door } from '../rpc/door';
import { DecideHandMove } from './decide-hand-move';
import { HandMovesStore } from './hand-moves.store';
import { SuspenseItemsStore } from './suspense-items.store';

@Controller()
export class HandMovesController {
  constructor(
    private readonly door: Door,
    private readonly decideHandMove: DecideHandMove,
    private readonly store: HandMovesStore,
    private readonly suspense: SuspenseItemsStore,
  ) {}

  @MessagePattern('hand_moves.propose')
  propose(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'hand_moves.propose'>> {
    return this.door.answer(handMovesPropose, request, (given) => this.decideHandMove.propose(given));
  }

  @MessagePattern('hand_moves.decide')
  decide(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'hand_moves.decide'>> {
    return this.door.answer(handMovesDecide, request, ({ id, decision, actor }) =>
      this.decideHandMove.decide(id, decision, actor),
    );
  }

  @MessagePattern('hand_moves.list')
  list(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'hand_moves.list'>> {
    return this.door.answer(handMovesList, request, async ({ limit }) => ({ moves: await this.store.list(limit) }));
  }

  @MessagePattern('suspense.list')
  items(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'suspense.list'>> {
    return this.door.answer(suspenseList, request, (wanted) => this.suspense.list(wanted));
  }
}
