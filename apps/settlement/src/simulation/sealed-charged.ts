import { Injectable } from '@nestjs/common';
import { matches, type FeeSchedule } from '../fees/fee-schedules';
import { SealedLines } from '../items/sealed/sealed-lines';
import { SettledSetsStore } from '../items/sealed/settled-sets.store';
import type { ChargedLines } from './simulate';

/** Sealed lines that a schedule would have priced, those alike as one: their parts are read once each. */
@Injectable()
export class SealedCharged {
  constructor(
    private readonly sets: SettledSetsStore,
    private readonly lines: SealedLines,
  ) {}

  async of(schedule: FeeSchedule, from: string, to: string): Promise<ChargedLines[]> {
    const alike = new Map<string, ChargedLines>();
    for (const { batchId, day } of await this.sets.batches(from, to, schedule.provider))
      for await (const line of this.lines.unopened(batchId, (group) => matches(schedule, { ...group, product: '' }))) {
        const { branch } = line.group;
        const key = `${day} ${branch} ${line.amount}`;
        const before = alike.get(key) ?? { day, branch, amount: line.amount, face: line.amount, count: 0, fee: 0n };
        alike.set(key, { ...before, count: before.count + 1, fee: before.fee + line.fee });
      }
    return [...alike.values()];
  }
}
