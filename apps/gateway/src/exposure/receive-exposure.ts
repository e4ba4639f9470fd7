import { Injectable } from '@nestjs/common';
import type { exposureReceive, ExposureReceived } from '@yidian/contracts';
import { fromDigits } from '@yidian/money';
import { newToken } from '@yidian/security';
import type { z } from 'zod';
import { Partners } from '../access';
import { ReceiptsStore, type Receipt } from './receipts.store';

type Item = z.output<typeof exposureReceive>['items'][number];

/**
 * Promise: money of a partner that settlement has booked on our bank account frees what the partner may collect, once. The
 * bank's statement is the evidence, so nobody has to agree to it; a receipt that people had entered is this money and not more.
 */
@Injectable()
export class ReceiveExposure {
  constructor(
    private readonly receipts: ReceiptsStore,
    private readonly partners: Partners,
  ) {}

  async execute(item: Item): Promise<ExposureReceived> {
    const { key, provider, kind, receipt } = item;
    const amount = fromDigits(item.amount);
    const partner = await this.receipts.partnerOf(provider);
    if (partner === null) return { key, outcome: 'refused', replay: false, reason: 'not_found' };
    if (amount === 0n) return { key, outcome: 'refused', replay: false, reason: 'amount_malformed' };
    const booked: Receipt = { id: `exp_${newToken().slice(0, 24)}`, key, partner, kind, amount, receipt };
    const outcome = await this.receipts.count(booked);
    if (outcome === 'conflict') return { key, outcome: 'refused', replay: false, reason: 'state_conflict' };
    this.partners.forget();
    return { key, outcome: 'counted', replay: outcome === 'known' };
  }
}
