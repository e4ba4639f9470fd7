import { Inject, Injectable } from '@nestjs/common';
import { readStatusReport, type OrderStatus, type PartStatus } from '@yidian/connectors/iso20022/pain002';
import { UnreadableFile } from '@yidian/connectors/contract';
import type { Db, Queryable } from '@yidian/database';
import { Problem } from '@yidian/errors';
import type { Batch } from '../batches/batch';
import { PostMovement } from '../batches/post-movement';
import { DB } from '../resources/tokens';
import { rejectedLegs, type Payout } from './payout';
import { PayoutsStore } from './payouts.store';
import { RunsStore } from './runs.store';

export interface StatusTaken {
  rejected: string[];
  noted: number;
  /** What could not be followed: unreadable parts, numbers we do not know, other sums. */
  findings: string[];
}

/**
 * pain.002. Only an explicit refusal ends an order, and only before our bank has booked it; success is noted and proven by
 * the account's statement. A refused payout's money goes back to whom it was owed, to be paid by a new payout.
 */
@Injectable()
export class TakeStatus {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly payouts: PayoutsStore,
    private readonly runs: RunsStore,
    private readonly movement: PostMovement,
  ) {}

  /** @throws Problem field_invalid when it is no status report at all */
  async execute(content: Buffer, day: string): Promise<StatusTaken> {
    const parts: PartStatus[] = [];
    const orders: OrderStatus[] = [];
    const findings: string[] = [];
    try {
      await readStatusReport(once(content), {
        part: (part) => void parts.push(part),
        order: (order) => void orders.push(order),
        finding: (reason) => void findings.push(reason),
      });
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      throw new Problem('field_invalid', { detail: 'content: no payment status report' });
    }
    const taken: StatusTaken = { rejected: [], noted: 0, findings };
    for (const order of orders) await this.order(order, day, taken);
    const told = new Set(orders.map(({ number }) => number));
    for (const part of parts) await this.part(part, told, day, taken);
    return taken;
  }

  private async order({ number, messageId, answer, reasonCode, text }: OrderStatus, day: string, taken: StatusTaken) {
    const payout = await this.payouts.find(number);
    const run = payout && (await this.runs.find(payout.runId));
    if (!payout || (messageId !== '' && run?.messageId !== messageId))
      return void taken.findings.push('an order that is not ours');
    if (answer.outcome === 'declined')
      return this.reject(number, [reasonCode, text].filter(Boolean).join(' '), day, taken);
    const echoed = answer.outcome !== 'succeeded' || (answer.amount === payout.amount && answer.currency === 'CNY');
    if (!echoed) taken.findings.push('a success with another sum than was ordered');
    const status = echoed ? (answer.outcome === 'succeeded' ? 'settled' : answer.outcome) : 'unknown';
    await this.db.transaction((tx) => this.payouts.note(tx, number, status));
    taken.noted += 1;
  }

  private async part(
    { messageId, answer, reasonCode }: PartStatus,
    told: ReadonlySet<string>,
    day: string,
    taken: StatusTaken,
  ) {
    if (answer === null) return;
    const run = await this.runs.byMessage(messageId);
    if (!run) return void taken.findings.push('a file that is not ours');
    for (const { number, state } of await this.payouts.ofRun(run.runId)) {
      if (told.has(number) || state !== 'sent') continue;
      if (answer.outcome === 'declined') await this.reject(number, reasonCode, day, taken);
      else {
        await this.db.transaction((tx) => this.payouts.note(tx, number, answer.outcome));
        taken.noted += 1;
      }
    }
  }

  private async reject(number: string, reason: string, day: string, taken: StatusTaken): Promise<void> {
    const batches = await this.db.transaction(async (tx) => {
      const payout = await this.payouts.lock(tx, number);
      if (payout?.state === 'rejected') return [];
      if (payout?.state !== 'sent') {
        taken.findings.push('a refusal of an order that is not under way');
        return [];
      }
      return [await this.giveBack(tx, payout, reason, day)];
    });
    if (batches.length > 0) taken.rejected.push(number);
    await this.movement.forward(batches);
  }

  private async giveBack(tx: Queryable, payout: Payout, reason: string, day: string): Promise<Batch> {
    await this.payouts.move(tx, payout, 'rejected', reason);
    if (payout.paymentNo !== '' && !(await this.payouts.countRefund(tx, payout.paymentNo, -payout.amount)))
      throw new Error(`refund ${payout.number} was refused and its payment does not know of it`);
    return this.movement.plan(tx, {
      key: `payout/${payout.number}/rejected`,
      day,
      provider: await this.payouts.positionOf(tx, payout),
      actor: 'bank',
      legs: rejectedLegs(payout),
    });
  }
}

async function* once(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}
