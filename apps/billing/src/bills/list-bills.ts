import { Injectable } from '@nestjs/common';
import type { billsList, BillsReply } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import type { z } from 'zod';
import { BillsStore } from './bills.store';

@Injectable()
export class ListBills {
  constructor(private readonly bills: BillsStore) {}

  async execute({ subscriberId, limit }: z.output<typeof billsList>): Promise<BillsReply> {
    const bills = await this.bills.list(subscriberId, limit);
    return { bills, free: toDigits(await this.bills.free(subscriberId)) };
  }
}
