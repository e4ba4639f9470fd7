import type { StatementSums, StatementTotals } from '../contract/statement';
import type { StatementControls } from './camt-controls';

interface WhatWasRead {
  read: StatementSums;
  unreadable: number;
  statements: number;
  entries: number;
}

/** What the statements of one file say of themselves together; one that is silent, or a second currency, makes no sum. */
export class DeclaredSums {
  private readonly currencies = new Set<string>();
  private amount = 0n;
  private entries = 0;
  private amounts = true;
  private counts = true;

  /** A line's currency. */
  sees(currency: string): void {
    this.currencies.add(currency);
  }

  /** The first that was seen, '' when none was. */
  get currency(): string {
    return [...this.currencies][0] ?? '';
  }

  add(controls: StatementControls): void {
    const amount = controls.declaredAmount();
    const entries = controls.declaredEntries();
    if (amount) {
      this.amount += amount.amount;
      this.currencies.add(amount.currency);
    } else this.amounts = false;
    if (entries === null) this.counts = false;
    else this.entries += entries;
  }

  /** What is declared, and what of it was not read; null where the file says nothing. */
  against({ read, unreadable, statements, entries }: WhatWasRead): Pick<StatementTotals, 'declared' | 'unread'> {
    const amounts = statements > 0 && this.amounts && this.currencies.size <= 1;
    // Where a batch became several lines, the file's count of entries says nothing about lines.
    const counts = statements > 0 && this.counts && entries === read.lines + unreadable;
    if (!amounts && !counts) return { declared: null, unread: null };
    return {
      declared: { ...(counts ? { lines: this.entries } : {}), ...(amounts ? { amount: this.amount } : {}) },
      unread: {
        ...(counts ? { lines: this.entries - read.lines } : {}),
        ...(amounts ? { amount: this.amount - (read.amount - read.fee) } : {}),
      },
    };
  }
}
