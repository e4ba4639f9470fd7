import { Injectable } from '@nestjs/common';
import type { FeeQuote, feesQuote } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { fromDigits, toDigits } from '@yidian/money';
import type { z } from 'zod';
import { feeOf } from './fee';
import { NoFeeSchedule, scheduleFor, type FeeSchedule } from './fee-schedules';
import { FeeSchedulesStore } from './fee-schedules.store';

type QuoteItem = z.output<typeof feesQuote>['items'][number];

/**
 * The fee the statement should show for a line. A refund (negative amount) is quoted as a whole one: nothing where the
 * provider keeps its fee, else the fee of that amount, negative. What the schedule invoices monthly the statement shows as 0.
 */
@Injectable()
export class QuoteFees {
  constructor(private readonly schedules: FeeSchedulesStore) {}

  async execute(items: readonly QuoteItem[]): Promise<FeeQuote[]> {
    const byProvider = new Map<string, FeeSchedule[]>();
    for (const { provider } of items)
      if (!byProvider.has(provider)) byProvider.set(provider, await this.schedules.ofProvider(provider));
    return items.map((item) => this.quote(item, byProvider.get(item.provider) ?? []));
  }

  private quote(item: QuoteItem, schedules: readonly FeeSchedule[]): FeeQuote {
    try {
      const schedule = scheduleFor(schedules, item.provider, item.channel, item.date);
      return { fee: toDigits(statementFee(schedule, fromDigits(item.amount))), scheduleId: schedule.id };
    } catch (cause) {
      if (cause instanceof NoFeeSchedule) throw new Problem('not_found', { detail: cause.message }, { cause });
      throw cause;
    }
  }
}

function statementFee(schedule: FeeSchedule, amount: bigint): bigint {
  if (schedule.collection === 'invoiced') return 0n;
  if (amount >= 0n) return feeOf(schedule, amount);
  return schedule.refundPolicy === 'proportional' ? -feeOf(schedule, -amount) : 0n;
}
