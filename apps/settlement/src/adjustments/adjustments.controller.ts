import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  adjustmentsDecide,
  adjustmentsGet,
  adjustmentsList,
  adjustmentsPropose,
  type ReplyOf,
} from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { Door } from '../rpc/door';
import { viewOf } from './adjustment';
import { AdjustmentsStore } from './adjustments.store';
import { DecideAdjustment } from './decide-adjustment';
import { ProposeAdjustment } from './propose-adjustment';

@Controller()
export class AdjustmentsController {
  constructor(
    private readonly door: Door,
    private readonly proposeAdjustment: ProposeAdjustment,
    private readonly decideAdjustment: DecideAdjustment,
    private readonly store: AdjustmentsStore,
  ) {}

  @MessagePattern('adjustments.propose')
  propose(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'adjustments.propose'>> {
    return this.door.answer(adjustmentsPropose, request, async (valid) =>
      viewOf(await this.proposeAdjustment.execute(valid)),
    );
  }

  @MessagePattern('adjustments.decide')
  decide(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'adjustments.decide'>> {
    return this.door.answer(adjustmentsDecide, request, async (valid) =>
      viewOf(await this.decideAdjustment.execute(valid)),
    );
  }

  @MessagePattern('adjustments.get')
  get(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'adjustments.get'>> {
    return this.door.answer(adjustmentsGet, request, async ({ id }) => {
      const found = await this.store.find(id);
      if (!found) throw new Problem('not_found', { detail: `there is no adjustment ${id}` });
      return viewOf(found);
    });
  }

  @MessagePattern('adjustments.list')
  list(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'adjustments.list'>> {
    return this.door.answer(adjustmentsList, request, async (wanted) => {
      const found = await this.store.list({ ...wanted, limit: wanted.limit + 1 });
      return { adjustments: found.slice(0, wanted.limit).map(viewOf), more: found.length > wanted.limit };
    });
  }
}
