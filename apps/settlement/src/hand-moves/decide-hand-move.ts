import { Injectable } from '@nestjs/common';
import type { handMovesPropose, HandMoveView } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { fromDigits } from '@yidian/money';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { PayClearing } from '../bank/pay-clearing';
import { MovePrincipal } from '../resolutions/move-principal';
import { OffsetItems } from '../resolutions/offset-items';
import { HandMovesStore } from './hand-moves.store';

/**
 * Promise: no money moves by hand on one person's word. What another person approved is carried out under the proposal's id,
 * so a crash and any number of tries after it move once; what cannot be done is said and stays refused.
 */
@Injectable()
export class DecideHandMove {
  constructor(
    private readonly store: HandMovesStore,
    private readonly clearing: PayClearing,
    private readonly principal: MovePrincipal,
    private readonly offset: OffsetItems,
  ) {}

  async propose({ actor, ...given }: z.output<typeof handMovesPropose>): Promise<HandMoveView> {
    const { move } = given;
    if (move.kind === 'principal' && move.from === move.to)
      throw new Problem('field_invalid', { detail: 'to: the same branch' });
    const id = `hm_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
    await this.store.add({
      ...{ id, state: 'proposed', ...given, detail: '', proposedBy: actor, proposedAt: '', decidedBy: '' },
    });
    return this.get(id);
  }

  /** @throws Problem not_found, own_proposal, state_conflict when another decision stands */
  async decide(id: string, decision: 'approve' | 'reject', actor: string): Promise<HandMoveView> {
    const before = await this.get(id);
    if (before.proposedBy === actor) throw new Problem('own_proposal');
    if (!(await this.store.decide(id, decision === 'approve' ? 'approved' : 'rejected', actor)))
      throw new Problem('state_conflict', { detail: `it is ${(await this.get(id)).state}` });
    if (decision === 'approve') await this.carryOut(await this.get(id));
    return this.get(id);
  }

  /** @throws what is no refusal: the sweep comes back */
  async carryOut(approved: HandMoveView): Promise<void> {
    try {
      await this.move(approved);
    } catch (error) {
      if (!(error instanceof Problem) || error.code === 'busy') throw error;
      return this.store.end(approved.id, 'refused', error.message);
    }
    await this.store.end(approved.id, 'done', '');
  }

  private async move({ id: key, move, proposedBy, decidedBy: actor }: HandMoveView): Promise<unknown> {
    switch (move.kind) {
      case 'payout_difference': {
        const { provider, date } = move;
        const difference = fromDigits(move.difference);
        return this.clearing.giveUp({ key, provider, date, difference, proposedBy, actor });
      }
      case 'principal': {
        const { paymentNo, from, to, amount, date } = move;
        return this.principal.move({ key, paymentNo, from, to, amount, date, actor });
      }
      case 'offset':
        return this.offset.execute({ key, provider: move.provider, itemIds: move.itemIds, actor });
    }
  }

  private async get(id: string): Promise<HandMoveView> {
    const found = await this.store.find(id);
    if (!found) throw new Problem('not_found');
    return found;
  }
}
