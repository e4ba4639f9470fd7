import { Inject, Injectable } from '@nestjs/common';
import type { MovementPosted, principalMove } from '@yidian/contracts';
import type { Db, Queryable } from '@yidian/database';
import { Problem } from '@yidian/errors';
import { fromDigits } from '@yidian/money';
import type { z } from 'zod';
import type { Batch } from '../batches/batch';
import { BatchesStore } from '../batches/batches.store';
import { due, leg } from '../batches/leg';
import { movementId, PostMovement, type Movement } from '../batches/post-movement';
import { OpenLines } from '../items/sealed/open-lines';
import { RelaySettledJob } from '../outbox/relay-settled.job';
import { DB } from '../resources/tokens';

type Move = z.output<typeof principalMove>;

/** Principal that moves without a statement line: to the right branch (row 15). */
@Injectable()
export class MovePrincipal {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly batches: BatchesStore,
    private readonly movement: PostMovement,
    private readonly relay: RelaySettledJob,
    private readonly open: OpenLines,
  ) {}

  /**
   * The payment is the other branch's from now on, so a later refund comes off that one.
   * @throws Problem state_conflict when it is not settled with the branch it is taken from
   */
  async move({ key, paymentNo, from, to, amount, date, actor }: Move): Promise<MovementPosted> {
    await this.open.execute([paymentNo]);
    const legs = leg(due(from), due(to), fromDigits(amount), 'principal', paymentNo);
    if (legs.length === 0) throw new Problem('field_invalid', { detail: 'to: the same branch' });
    return this.post({ key: `move/${key}`, day: date, provider: '', actor, legs }, key, (tx) =>
      this.rename(tx, paymentNo, from, to, fromDigits(amount)),
    );
  }

  private async post(
    movement: Movement,
    key: string,
    also?: (tx: Queryable) => Promise<void>,
  ): Promise<MovementPosted> {
    const replay = (await this.batches.find(movementId(movement.key))) !== null;
    const batch: Batch = await this.db.transaction(async (tx) => {
      const known = (await this.batches.find(movementId(movement.key), tx)) !== null;
      const planned = await this.movement.plan(tx, movement);
      if (!known) await also?.(tx);
      return planned;
    });
    await this.movement.forward([batch]);
    this.relay.ring();
    return { key, batchId: batch.batchId, replay };
  }

  private async rename(tx: Queryable, paymentNo: string, from: string, to: string, amount: bigint): Promise<void> {
    const renamed = await tx.run(
      `UPDATE settled_item i JOIN settlement_batch b ON b.batch_id = i.batch_id AND b.state = 'settled'
       SET i.branch = ?
       WHERE i.payment_no = ? AND i.kind = 'payment' AND i.place = 'due' AND i.branch = ? AND i.amount - i.refunded = ?`,
      [to, paymentNo, from, amount],
    );
    if (renamed !== 1)
      throw new Problem('state_conflict', { detail: 'the payment is not settled with this branch and sum' });
  }
}
