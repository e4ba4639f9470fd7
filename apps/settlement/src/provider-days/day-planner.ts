import type { PlannedPosting } from '../batches/batch';
import { suspense } from '../batches/leg';
import { roundDay } from '../fees/day-rounding';
import { withClaws } from '../items/earned';
import { Pricing } from '../items/pricing';
import { paymentGapLegs, paymentLegs, settlePayment, suspenseLegs } from '../items/settle-payment';
import {
  cancelPair,
  coveredBy,
  priceRefund,
  refundGapLegs,
  refundLegs,
  returnFromSuspense,
} from '../items/settle-refund';
import type { SettledItem } from '../items/settled-item';
import { scheduleById, type Terms } from '../items/terms';
import type { Resolution } from '../resolutions/resolution';
import { resolveItem } from '../resolutions/resolve-item';
import { Plan } from './plan';
import { sumGroups } from './sum-groups';

const BRANCH = /^\d{6}$/;

/** A payment line of this or an earlier day: as it was read, and as the plan leaves it. */
interface Touched {
  before: SettledItem;
  after: SettledItem;
}

/**
 * Decides where each line of one statement goes (pure: no clock, no database). Payments first, page by page; then refunds and
 * reversals against their payments; then resolutions that came before the day was settled.
 */
export class DayPlanner {
  private readonly plan = new Plan();
  private readonly touched = new Map<string, Touched>();
  private readonly byPayment = new Map<string, readonly string[]>();
  private readonly undoing: SettledItem[] = [];
  private readonly pricing: Pricing;
  /** By schedule: payments whose fee is rounded with their day's. */
  private readonly ofDay = new Map<string, SettledItem[]>();
  private summed = false;

  constructor(
    private readonly batchId: string,
    private readonly terms: Terms,
  ) {
    this.pricing = new Pricing(terms);
  }

  /**
   * Row 1b, 8a, 12 for a matched line, 4a for any other.
   * @param earlier the same line in a batch of this day that was undone: refunds of later days have counted on it
   */
  payment(line: SettledItem, earlier: SettledItem | undefined): SettledItem {
    const { refunded = 0n, feeReturned = 0n, clawed = 0n, earned = [] } = earlier ?? {};
    const item = { ...line, refunded, feeReturned, clawed, earned };
    if (item.place === 'skipped') return item;
    if (item.matched && BRANCH.test(item.branch) && item.amount > 0n && earlier?.place !== 'returned') {
      const priced = settlePayment(item, this.pricing);
      if (scheduleById(this.terms, priced.scheduleId).roundPer === 'day') this.withDay(priced);
      else this.plan.single(priced, paymentGapLegs(priced, this.terms));
      return priced;
    }
    this.plan.single(item, suspenseLegs(item, this.terms.provider));
    return earlier?.place === 'returned' ? { ...item, place: 'returned' } : item;
  }

  /** What lies in sealed parts, as the sums of its groups. */
  sealed(pricing: Pricing): void {
    for (const group of pricing.settled()) this.pricing.groupOf(group.line).absorb(group.count, group.totals());
  }

  /** A line of a sealed part that is a row now: its sums stand, what is its own is planned by its name. */
  opened(row: SettledItem, earlier: SettledItem | undefined): SettledItem {
    const { refunded = 0n, feeReturned = 0n, clawed = 0n, earned = [] } = earlier ?? {};
    const kept = { refunded, feeReturned, clawed };
    if (earlier?.place !== 'returned') {
      const item = { ...row, ...kept, earned: withClaws(row.earned, earned) };
      this.plan.single(item, paymentGapLegs(item, this.terms));
      return item;
    }
    this.plan.sum(row, paymentLegs(row, this.terms), -1);
    this.plan.single(row, suspenseLegs(row, this.terms.provider));
    const unpriced = { fee: 0n, commission: 0n, feePpm: -1n, earner: '', scheduleId: '', planId: '' };
    return { ...row, ...unpriced, ...kept, earned, place: 'returned' };
  }

  private withDay(priced: SettledItem): void {
    const items = this.ofDay.get(priced.scheduleId) ?? [];
    items.push(priced);
    this.ofDay.set(priced.scheduleId, items);
  }

  /** Once all payments are placed: the fees that are rounded with their day. Returns those that have another fee now. */
  roundDays(): SettledItem[] {
    const moved: SettledItem[] = [];
    for (const [id, items] of this.ofDay) {
      const schedule = scheduleById(this.terms, id);
      const bases = items.map((item) => ({
        attempt: `${item.refNo || item.paymentNo} ${item.itemId}`,
        amount: schedule.base === 'face' ? item.face : item.amount,
      }));
      roundDay(schedule, bases).forEach((fee, i) => {
        const item = items[i];
        if (!item) return;
        this.pricing.groupOf(item).addFee(Number(fee));
        const rounded = { ...item, fee };
        this.plan.single(rounded, paymentGapLegs(rounded, this.terms));
        if (fee !== item.fee) moved.push(rounded);
      });
    }
    this.ofDay.clear();
    return moved;
  }

  /** Payments that refunds may undo, as they stand. */
  know(payments: readonly SettledItem[]): void {
    for (const payment of payments) {
      this.touched.set(payment.itemId, { before: payment, after: payment });
      this.byPayment.set(payment.paymentNo, [...(this.byPayment.get(payment.paymentNo) ?? []), payment.itemId]);
    }
  }

  /** Rows 2c, 3c, 4c, 6a. Call in the order of item ids. */
  undo(line: SettledItem): void {
    if (line.place === 'skipped') return void this.undoing.push(line);
    const origin = line.matched ? this.originOf(line) : undefined;
    if (!origin) {
      this.plan.single(line, suspenseLegs(line, this.terms.provider));
      this.undoing.push(line);
      return;
    }
    if (origin.place !== 'due') return this.returned(line, origin);
    if (line.kind === 'reversal' && origin.batchId === this.batchId && line.amount === -origin.amount)
      return this.pair(line, origin);
    const undone = priceRefund(line, origin, this.terms);
    this.plan.sum(undone.item, refundLegs(undone.item, this.terms, 'clearing'));
    this.plan.single(undone.item, refundGapLegs(undone.item, this.terms));
    this.keep(undone.item, undone.origin);
  }

  /** Rule A: a line that belongs to no payment waits under its own id. */
  alone(line: SettledItem): void {
    if (line.place !== 'skipped') this.plan.single(line, suspenseLegs(line, this.terms.provider));
    this.undoing.push(line);
  }

  /** A line of this day that is no payment, as the plan has it. */
  line(itemId: string): SettledItem | undefined {
    return this.undoing.find((line) => line.itemId === itemId);
  }

  /** A resolution that waited for this day. Returns why when it cannot be carried out. */
  resolve(resolution: Resolution, row: SettledItem | null): string | null {
    const item = row && (this.line(row.itemId) ?? this.current(row));
    const origin =
      item && item.amount < 0n ? (this.originOf({ ...item, paymentNo: resolution.paymentNo }) ?? null) : null;
    const effect = resolveItem(
      resolution,
      { item, open: item ? this.plan.openOf(suspense(this.terms.provider), item.itemId) : 0n, origin },
      this.terms,
    );
    if (effect.outcome === 'rejected') return effect.reason;
    const changed = effect.item ?? item;
    this.plan.single(changed ?? shortItem(resolution), effect.legs);
    if (effect.item && effect.item.kind !== 'payment') {
      this.undoing.splice(
        this.undoing.findIndex((line) => line.itemId === changed?.itemId),
        1,
      );
      this.keep(effect.item, effect.origin);
    } else if (effect.item && row) this.touched.set(row.itemId, { before: this.firstOf(row), after: effect.item });
    return null;
  }

  postings(): PlannedPosting[] {
    if (!this.summed) sumGroups(this.plan, this.pricing);
    this.summed = true;
    return this.plan.postings();
  }

  /** Lines that are no payments, and every payment that changed since it was read. */
  outcome(): { undoing: readonly SettledItem[]; changed: readonly Touched[] } {
    return {
      undoing: this.undoing,
      changed: [...this.touched.values()].filter(({ before, after }) => before !== after),
    };
  }

  private returned(line: SettledItem, origin: SettledItem): void {
    const undone = returnFromSuspense(line, origin, this.terms.provider);
    this.plan.single({ ...origin, channel: origin.channel || line.channel }, undone.legs);
    this.keep(undone.item, undone.origin);
  }

  private pair(line: SettledItem, origin: SettledItem): void {
    const undone = cancelPair(line, origin, this.terms.provider);
    this.plan.sum(origin, paymentLegs(origin, this.terms), -1);
    this.plan.dropSingle(origin);
    this.plan.single(origin, undone.legs);
    this.keep(undone.item, undone.origin);
  }

  private keep(item: SettledItem, origin: SettledItem | undefined): void {
    this.undoing.push(item);
    const known = origin && this.touched.get(origin.itemId);
    if (origin) this.touched.set(origin.itemId, { before: known?.before ?? origin, after: origin });
  }

  /** The line to be given back first, then the one with its branch, then one that waits. */
  private originOf(line: SettledItem): SettledItem | undefined {
    const open = (this.byPayment.get(line.paymentNo) ?? [])
      .map((itemId) => this.touched.get(itemId)?.after)
      .filter((payment) => payment !== undefined)
      .filter((payment) => coveredBy(line, payment));
    return (['refunding', 'due', 'suspense'] as const)
      .map((place) => open.find((payment) => payment.place === place))
      .find((payment) => payment !== undefined);
  }

  private current = (row: SettledItem): SettledItem => this.touched.get(row.itemId)?.after ?? row;
  private firstOf = (row: SettledItem): SettledItem => this.touched.get(row.itemId)?.before ?? row;
}

/** Only a name for the legs of a short: its line is on no statement. */
function shortItem(resolution: Resolution): Pick<SettledItem, 'itemId' | 'channel'> {
  return { itemId: resolution.itemId, channel: resolution.channel };
}
