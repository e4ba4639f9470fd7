import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { PersonNumbers } from '../notifications/person-number';
import { numberOf } from '../payments/numbers';
import type { PaymentDetail } from '../payments/payment.rows';
import { PaymentsReadStore } from '../payments/payments-read.store';
import { BlockList } from './block-list';
import { BlocksStore, type BlockKind, type BlockRow } from './blocks.store';
import { DecisionsStore } from './decisions.store';

export interface BlockOrder {
  kind: Exclude<BlockKind, 'consent'>;
  /** A whole number for `number` and `legal`, else an id; for `device` also that of a payment. */
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
    private readonly payments: PaymentsReadStore,
  ) {}

  /** @throws Problem number_malformed; not_found for a payment whose device nobody knows */
  async add({ kind, value, reason }: BlockOrder, by: string): Promise<BlockRow> {
    const ofNumber = kind === 'number' || kind === 'legal';
    if (ofNumber && !/^1\d{10}$/.test(value)) throw new Problem('number_malformed');
    const kept = ofNumber ? this.numbers.keep(value) : plain(kind === 'device' ? await this.device(value) : value);
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

  /** Whoever complains knows a payment, not what it was ordered from. */
  private async device(value: string): Promise<string> {
    const paymentNo = numberOf('pay', value);
    if (!paymentNo) return value;
    const payment = await this.payments.find(paymentNo);
    const { device } = JSON.parse(payment?.detail ?? '{}') as PaymentDetail;
    if (device === undefined) throw new Problem('not_found');
    return device;
  }

  private async say(row: BlockRow, state: string, what: string): Promise<void> {
    await this.decisions.add({ about: [row.value], kind: 'risk', state, what, objectId: row.id, amount: null });
  }
}

const plain = (value: string) => ({ blind: value, masked: value.slice(0, 40) });
