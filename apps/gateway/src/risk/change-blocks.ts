import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { PersonNumbers } from '../notifications/person-number';
import { BlockList } from './block-list';
import { BlocksStore, type BlockKind, type BlockRow } from './blocks.store';
import { DecisionsStore } from './decisions.store';

export interface BlockOrder {
  kind: Exclude<BlockKind, 'consent'>;
  /** A whole number for `number` and `legal`, else an id. */
  value: string;
  reason: string;
}

/** Entries of the block lists, by people; those of a number stand in its time line. */
@Injectable()
export class ChangeBlocks {
  constructor(
    private readonly store: BlocksStore,
    private readonly list: BlockList,
    private readonly decisions: DecisionsStore,
    private readonly numbers: PersonNumbers,
  ) {}

  /** @throws Problem number_malformed */
  async add({ kind, value, reason }: BlockOrder, by: string): Promise<BlockRow> {
    const ofNumber = kind === 'number' || kind === 'legal';
    if (ofNumber && !/^1\d{10}$/.test(value)) throw new Problem('number_malformed');
    const kept = ofNumber ? this.numbers.keep(value) : { blind: value, masked: value.slice(0, 40) };
    const row = await this.store.add({
      ...{ kind, value: kept.blind, against: '', masked: kept.masked, reason, made_by: by },
    });
    await this.list.refresh();
    if (ofNumber) await this.say(row, kind === 'legal' ? 'frozen_by_order' : 'blocked', `${reason}, by ${by}`);
    return row;
  }

  /** @throws Problem not_found */
  async lift(id: string, by: string, reason: string): Promise<BlockRow> {
    const row = await this.store.find(id);
    if (!row || row.kind === 'consent' || !(await this.store.lift(id, by))) throw new Problem('not_found');
    await this.list.refresh();
    if (row.kind === 'number' || row.kind === 'legal') await this.say(row, 'lifted', `${reason}, by ${by}`);
    return (await this.store.find(id)) ?? row;
  }

  private async say(row: BlockRow, state: string, what: string): Promise<void> {
    await this.decisions.add({ about: [row.value], kind: 'risk', state, what, objectId: row.id, amount: null });
  }
}
