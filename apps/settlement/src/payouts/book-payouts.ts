import { Injectable } from '@nestjs/common';
import type { Queryable } from '@yidian/database';
import type { BankEntry, Meaning } from '../bank/bank-entry';
import type { Leg } from '../batches/leg';
import { bookedLegs, returnedLegs, type Payout } from './payout';
import { PayoutsStore } from './payouts.store';
import { RunsStore } from './runs.store';

export interface PayoutBooking {
  meaning: Meaning;
  party: string;
  provider: string;
  legs: Leg[];
}

/**
 * Our own payouts on our own statement: one by one under their numbers, or a whole file in one booking under the file's. Only
 * the exact sum is taken; anything else stays unexplained for people.
 */
@Injectable()
export class BookPayouts {
  constructor(
    private readonly payouts: PayoutsStore,
    private readonly runs: RunsStore,
  ) {}

  /** Moves the payouts the entry is about; null when it is about none, or does not fit them. */
  async take(tx: Queryable, entry: BankEntry): Promise<PayoutBooking | null> {
    if (entry.ourRef === '') return null;
    const run = await this.runs.byMessage(entry.ourRef.replace(/-1$/, ''));
    if (run) return this.wholeFile(tx, entry, run.runId);
    const payout = await this.payouts.lock(tx, entry.ourRef);
    if (!payout || payout.account !== entry.account) return null;
    return entry.amount < 0n ? this.booked(tx, entry, [payout]) : this.returned(tx, entry, payout);
  }

  private async wholeFile(tx: Queryable, entry: BankEntry, runId: string): Promise<PayoutBooking | null> {
    if (entry.amount > 0n) return null;
    const sent = (await this.payouts.ofRun(runId, tx)).filter(({ state }) => state === 'sent');
    return sent.some(({ account }) => account !== entry.account) ? null : this.booked(tx, entry, sent);
  }

  private async booked(tx: Queryable, entry: BankEntry, payouts: readonly Payout[]): Promise<PayoutBooking | null> {
    const sum = payouts.reduce((total, { amount }) => total + amount, 0n);
    if (payouts.length === 0 || sum !== -entry.amount) return null;
    if (payouts.some(({ state }) => state !== 'sent')) return null;
    for (const payout of payouts) await this.payouts.move(tx, payout, 'booked');
    return {
      meaning: 'payout',
      ...(await this.partyOf(tx, payouts)),
      legs: payouts.flatMap(bookedLegs),
    };
  }

  private async returned(tx: Queryable, entry: BankEntry, payout: Payout): Promise<PayoutBooking | null> {
    if (payout.state !== 'booked' || payout.amount !== entry.amount) return null;
    await this.payouts.move(tx, payout, 'returned', entry.note);
    if (payout.paymentNo !== '' && !(await this.payouts.countRefund(tx, payout.paymentNo, -payout.amount)))
      throw new Error(`refund ${payout.number} came back and its payment does not know of it`);
    return { meaning: 'payout_returned', ...(await this.partyOf(tx, [payout])), legs: returnedLegs(payout) };
  }

  /** A provider's own payouts count in its position; a file of many in nobody's. */
  private async partyOf(tx: Queryable, payouts: readonly Payout[]): Promise<{ party: string; provider: string }> {
    const [first] = payouts;
    if (payouts.length !== 1 || !first) return { party: '', provider: '' };
    return { party: first.party, provider: await this.payouts.positionOf(tx, first) };
  }
}
