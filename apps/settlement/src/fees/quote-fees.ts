import { Injectable } from '@nestjs/common';
import type { FeeQuote, feesQuote } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { fromDigits, toDigits } from '@yidian/money';
import type { z } from 'zod';
import { feeOf } from './fee';
import { NoFeeSchedule, scheduleFor, type FeeSchedule } from './fee-schedules';
import { FeeSchedulesStore } from './fee-schedules.store';
import { MonthTiersStore } from './month-tiers.store';

type QuoteItem = z.output<typeof feesQuote>['items'][number];

/**
 * The fee the statement should show for a line. A refund (negative amount) is quoted as a whole one: nothing where the
 * provider keeps its fee, else the fee of that amount, negative. What the schedule invoices monthly the statement shows as 0.
 */
@Injectable()
export class QuoteFees {
  constructor(
    private readonly schedules: FeeSchedulesStore,
    private readonly tiers: MonthTiersStore,
  ) {}

  async execute(items: readonly QuoteItem[]): Promise<FeeQuote[]> {
    const byProvider = new Map<string, FeeSchedule[]>();
    for (const { provider } of items)
      if (!byProvider.has(provider)) byProvider.set(provider, await this.schedules.ofProvider(provider));
    const quotes: FeeQuote[] = [];
    for (const item of items) quotes.push(await this.quote(item, byProvider.get(item.provider) ?? []));
    return quotes;
  }

  private async quote(item: QuoteItem, schedules: readonly FeeSchedule[]): Promise<FeeQuote> {
    try {
      const { provider, channel, date, branch = '', product = '' } = item;
      const schedule = await this.priced(scheduleFor(schedules, { provider, channel, product, branch, date }), date);
      return { fee: toDigits(statementFee(schedule, fromDigits(item.amount))), scheduleId: schedule.id };
    } catch (cause) {
      if (cause instanceof NoFeeSchedule) throw new Problem('not_found', { detail: cause.message }, { cause });
      throw cause;
    }
  }

  /** A tiered line with the rate that holds for the whole month. */
  private async priced(schedule: FeeSchedule, date: string): Promise<FeeSchedule> {
    if (schedule.tiers.length === 0) return schedule;
    const terms = { of: 'schedule', id: schedule.id, month: date.slice(0, 7) } as const;
    return { ...schedule, ppm: await this.tiers.rate(terms, 0, schedule.tiers) };
  }
}

function statementFee(schedule: FeeSchedule, amount: bigint): bigint {
  if (schedule.collection === 'invoiced') return 0n;
  if (amount >= 0n) return feeOf(schedule, amount);
  return schedule.refundPolicy === 'proportional' ? -feeOf(schedule, -amount) : 0n;
}
