import { Injectable } from '@nestjs/common';
import { SharedArchive } from '../../resources/shared-archive';
import { SettledSegment, type SettledGroup, type SettledLine } from '../engine/settled-lines';
import { ItemsStore } from '../items.store';
import { SettledSetsStore } from './settled-sets.store';

const PAGE = 500;

/** Sealed lines of a batch, read from its parts in their order. */
@Injectable()
export class SealedLines {
  constructor(
    private readonly archive: SharedArchive,
    private readonly sets: SettledSetsStore,
    private readonly items: ItemsStore,
  ) {}

  /** Payments whose lines have become rows. */
  openedNumbers(batchId: string): Promise<string[]> {
    return this.items.openedNumbers(batchId);
  }

  /** What lines that the plan itself took out again come to, by the branch they were sealed for. */
  async takenOut(batchId: string): Promise<Map<string, bigint>> {
    const numbers = new Set(await this.items.openedNumbers(batchId, 'taken_out'));
    const sums = new Map<string, bigint>();
    if (numbers.size === 0) return sums;
    for await (const part of this.parts(batchId))
      for (const { amount, group } of part.among(numbers))
        sums.set(group.branch, (sums.get(group.branch) ?? 0n) + amount);
    return sums;
  }

  /** Part by part, whatever became of their lines. @throws ArchiveDamaged */
  async *parts(batchId: string): AsyncGenerator<SettledSegment> {
    for (const part of await this.sets.partsOf(batchId)) yield new SettledSegment(await this.archive.get(part));
  }

  /** Of the groups wanted, without those that have become rows. */
  async *unopened(batchId: string, wanted: (group: SettledGroup) => boolean): AsyncGenerator<SettledLine> {
    const opened = new Set(await this.items.openedNumbers(batchId));
    for await (const part of this.parts(batchId))
      for (const line of part.of(wanted)) if (!opened.has(line.paymentNo)) yield line;
  }

  /**
   * Whose principal the batch gave to a branch: always the same pages. Opened or not makes no difference, but for lines that the
   * plan itself took out again.
   */
  async *principal(batchId: string, branch: string): AsyncGenerator<SettledLine[]> {
    const out = new Set(await this.items.openedNumbers(batchId, 'taken_out'));
    let page: SettledLine[] = [];
    for await (const part of this.parts(batchId))
      for (const line of part.of((group) => group.branch === branch)) {
        if (out.has(line.paymentNo)) continue;
        page.push(line);
        if (page.length < PAGE) continue;
        yield page;
        page = [];
      }
    if (page.length > 0) yield page;
  }
}
