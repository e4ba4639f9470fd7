import { Injectable } from '@nestjs/common';
import type { PayoutsInReply } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import { clearing } from '../batches/leg';
import { BalancesStore } from '../payouts/balances.store';
import { Treasury } from '../payouts/treasury';
import { BankStore } from './bank.store';
import { ClearingStore } from './clearing.store';
import { matchAnnounced } from './match-announced';
import type { ExpectedDate } from './match-payouts';
import { PayoutLinesStore } from './payout-lines.store';

/** What a provider has paid out of which statement dates, and what it still holds for us. */
@Injectable()
export class MatchProvider {
  constructor(
    private readonly store: ClearingStore,
    private readonly entries: BankStore,
    private readonly lines: PayoutLinesStore,
    private readonly balances: BalancesStore,
    private readonly treasury: Treasury,
  ) {}

  async execute(provider: string, asOf: string): Promise<PayoutsInReply> {
    const [expected, said, paid, balances] = await Promise.all([
      this.expected(provider),
      this.lines.ofProvider(provider),
      this.entries.ofProvider(provider),
      this.balances.of([clearing(provider)]),
    ]);
    const arrived = paid.filter(({ meaning }) => meaning !== 'deposit');
    const entries = arrived.map((entry) => ({ ...entry, texts: [entry.ourRef, entry.bankRef, entry.note] }));
    const groups = matchAnnounced(expected, said, entries, asOf, this.treasury.days);
    const held = expected.reduce((total, { amount }) => total + amount, 0n);
    const came = arrived.reduce((total, { amount }) => total + amount, 0n);
    return {
      ...{ provider, asOf },
      groups: groups.map((group) => ({
        class: group.class,
        dates: group.dates.map((date) => ({ ...date, amount: toDigits(date.amount) })),
        lines: group.lines.map(({ lineId, day, amount }) => ({ lineId, day, amount: toDigits(amount) })),
        entries: group.entries.map(({ entryId, valueDay, amount }) => ({
          entryId,
          valueDay,
          amount: toDigits(amount),
        })),
        difference: toDigits(group.difference),
      })),
      held: toDigits(held - came),
      clearing: toDigits(-(balances.get(clearing(provider)) ?? 0n)),
    };
  }

  /** Each settled date less what was paid of it in another way; due on the working calendar. */
  private async expected(provider: string): Promise<ExpectedDate[]> {
    const lag = this.treasury.terms(provider)?.lagDays ?? 1;
    const [settled, otherwise] = await Promise.all([
      this.store.settledDays(provider),
      this.store.paidOtherwise(provider),
    ]);
    const days = [...new Set([...settled.keys(), ...otherwise.keys()])].sort();
    return days.map((date) => ({
      date,
      dueDay: this.treasury.days.after(date, lag),
      amount: (settled.get(date) ?? 0n) - (otherwise.get(date)?.total ?? 0n),
    }));
  }
}
