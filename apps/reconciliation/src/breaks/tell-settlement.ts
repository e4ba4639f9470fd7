import { Injectable } from '@nestjs/common';
import { toDigits } from '@yidian/money';
import { RaiseAlarm } from '../alarms/raise-alarm';
import { StepsStore } from '../close/steps.store';
import { Peers } from '../peers';
import { readTarget, type Break } from './break';
import { BreaksStore } from './breaks.store';
import { resolvedBy } from './carry-out';
import { ResolutionsStore, type Resolution, type SettleAs } from './resolutions.store';

/**
 * Lets settlement follow a resolution that was carried out: money leaves suspense for its branch, or waits for the refund
 * line. Only once the provider-day is settled; same key, same answer. Then the break is at its end.
 */
@Injectable()
export class TellSettlement {
  constructor(
    private readonly breaks: BreaksStore,
    private readonly resolutions: ResolutionsStore,
    private readonly steps: StepsStore,
    private readonly peers: Peers,
    private readonly alarm: RaiseAlarm,
  ) {}

  async execute(resolution: Resolution): Promise<void> {
    if (!(await this.steps.isDone(resolution.provider, resolution.date, 'settle'))) return;
    const row = await this.breaks.get(resolution.break_id);
    if (!row || resolution.settle_as === null) throw new Error(`resolution ${resolution.rkey} has nothing to settle`);
    if (!(await this.resolutions.claim(resolution))) return;
    const told = resolution.settle_as === 'move_credit' ? moved(row, resolution) : null;
    if (told && row.item_id === null) return this.moveSettled(row, resolution, told.branch);
    const { items } = await this.peers.settlement.call('resolutions.post', {
      items: [
        {
          key: resolution.rkey,
          itemId: row.item_id ?? '',
          provider: row.provider,
          date: row.date,
          action: told?.action ?? (resolution.settle_as as Exclude<SettleAs, 'move_credit'>),
          paymentNo: row.payment_no,
          branch: told?.branch ?? row.branch,
          acquiringBranch: row.acquiring_branch,
          channel: row.channel,
          partner: row.partner,
          amount: toDigits(amountOf(row)),
          actor: resolution.approver,
        },
      ],
    });
    const answer = items[0];
    if (answer?.outcome === 'posted') return this.end(row, resolution, 'posted', resolution.detail);
    if (answer?.outcome !== 'rejected') return;
    const detail = `settlement refused ${resolution.settle_as}: ${answer.reason ?? 'no reason'}`;
    await this.end(row, resolution, 'rejected', detail);
    await this.alarm.execute({
      kind: 'resolution_refused',
      provider: row.provider,
      date: row.date,
      detail: `${row.id}: ${detail}`,
    });
  }

  /**
   * Its money was settled with the wrong branch: what the statement says of it moves between the two; what headquarters has added
   * is told by billing. By its key it moves once.
   */
  private async moveSettled(row: Break, resolution: Resolution, to: string): Promise<void> {
    const { rkey: key, approver: actor } = resolution;
    const amount = toDigits(row.p_amount ?? row.b_amount ?? amountOf(row));
    const move = { key, paymentNo: row.payment_no, from: row.branch, to, amount, date: row.date, actor };
    await this.peers.settlement.call('principal.move', move);
    await this.end(row, resolution, 'posted', resolution.detail);
  }

  private end(row: Break, resolution: Resolution, state: 'posted' | 'rejected', detail: string): Promise<void> {
    return this.breaks.transaction(async (tx) => {
      if (!(await this.resolutions.settled(tx, resolution, state, detail))) return;
      const moved = await this.breaks.move(tx, row, {
        to: state === 'posted' ? 'resolved' : 'open',
        ...{ what: state === 'posted' ? 'resolved' : 'given_back', actor: resolution.actor, detail },
        set: state === 'posted' ? resolvedBy(resolution, detail) : { auto: 0, resolution_detail: detail.slice(0, 300) },
      });
      if (!moved) throw new Error(`break ${row.id} moved while its resolution was settled`);
    });
  }
}

/** A line in suspense goes to the branch that has the credit now. */
const moved = (row: Break, { target }: Resolution): { action: 'credit'; branch: string } => ({
  action: 'credit',
  branch: target === null ? row.branch : readTarget(target).branch,
});

/** Of a line its own amount; of a short what is missing. */
const amountOf = (row: Break): bigint => (row.item_id === null ? row.at_stake : (row.p_amount ?? row.at_stake));
