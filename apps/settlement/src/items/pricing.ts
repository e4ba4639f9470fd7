import { HQ_FEES, clearing, due, leg, payable, type Leg } from '../batches/leg';
import { earningFor, levelsOf, type Earning } from '../commissions/commission';
import type { Bearer } from '../fees/fee';
import { scheduleFor, type FeeSchedule } from '../fees/fee-schedules';
import { MOST, quickFee, quickShare, whole } from './quick-rate';
import type { Terms } from './terms';

/** What of a line decides by which contracts it is priced. */
export interface Priceable {
  branch: string;
  acquiringBranch: string;
  channel: string;
  partner: string;
  product: string;
}

/** The contracts of one provider and date, looked up once for all lines that are alike. */
export class Pricing {
  private readonly groups = new Map<string, PricedGroup>();

  constructor(readonly terms: Terms) {}

  groupOf(line: Priceable): PricedGroup {
    const key = `${line.branch}|${line.acquiringBranch}|${line.channel}|${line.partner}|${line.product}`;
    const known = this.groups.get(key);
    if (known) return known;
    const { provider, date, schedules, plans } = this.terms;
    const schedule = scheduleFor(schedules, { ...line, provider, date });
    const group = new PricedGroup(line, schedule, earningFor(plans, line, date));
    this.groups.set(key, group);
    return group;
  }

  /** Groups that have settled anything, in an order that depends on their contents only. */
  settled(): PricedGroup[] {
    return [...this.groups]
      .filter(([, group]) => group.count > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, group]) => group);
  }
}

/** Where the fees begin among a group's sums: behind the principal. */
const FEES = 1;

/**
 * Prices payments that are alike and keeps their sums. The one place where a payment's fee and commission are worked out, by
 * the night and wherever else payments are priced. Whole fen as doubles within the bound of `quick-rate`; sums are carried
 * into bigint before they could leave it.
 */
export class PricedGroup {
  count = 0;
  /** Of the line that was priced last. */
  fee = 0;
  commission = 0;
  readonly parts: number[];
  readonly rates: readonly bigint[];
  private readonly sums: Float64Array;
  private readonly carried: bigint[];
  private readonly feeFor: (amount: number) => number;
  private readonly totalFor: (base: number) => number;
  private readonly partFor: readonly ((base: number) => number)[];
  private readonly shareFor: readonly ((fee: number) => number)[];
  private readonly perDay: boolean;

  constructor(
    readonly line: Priceable,
    readonly schedule: FeeSchedule,
    readonly earning: Earning | null,
  ) {
    const levels = earning ? levelsOf(earning.plan) : [];
    this.rates = levels.map(({ ppm }) => ppm);
    this.parts = levels.map(() => 0);
    // Rounded per day: the floors now, the rest when the day's sum is known.
    this.perDay = schedule.roundPer === 'day';
    this.feeFor = quickFee(this.perDay ? { ...schedule, rounding: 'down' } : schedule);
    this.totalFor = quickShare(this.rates.at(-1) ?? 0n, earning?.plan.rounding ?? 'half_up');
    this.partFor = this.rates.map((rate, i) => quickShare(rate - (this.rates[i - 1] ?? 0n), 'down'));
    this.shareFor = schedule.bearers.map(({ ppm }) => quickShare(ppm, 'down'));
    this.sums = new Float64Array(FEES + schedule.bearers.length + levels.length);
    this.carried = Array.from(this.sums, () => 0n);
  }

  /** Prices one payment without counting it: `fee`, `commission` and `parts` are its. @param amount,face whole fen > 0 */
  price(amount: number, face: number): void {
    const { schedule, earning } = this;
    this.fee = this.feeFor(schedule.base === 'face' ? face : amount);
    if (!earning) return;
    const { base, rest } = earning.plan;
    const earnedOn = base === 'face' ? face : base === 'charged' ? amount : Math.max(amount - this.fee, 0);
    const total = this.totalFor(earnedOn);
    let left = total;
    if (this.parts.length > 1)
      for (let level = 0; level < this.parts.length; level++) {
        if (level === rest) continue;
        const part = this.partFor[level]?.(earnedOn) ?? 0;
        this.parts[level] = part;
        left -= part;
      }
    this.parts[rest] = left;
    this.commission = total;
  }

  /** Prices one payment and counts it in. */
  settle(amount: number, face: number): void {
    this.price(amount, face);
    this.count += 1;
    this.add(0, amount);
    if (!this.perDay) this.addFee(this.fee);
    const first = FEES + this.shareFor.length;
    for (let level = 0; level < this.parts.length; level++) this.add(first + level, this.parts[level] ?? 0);
  }

  /** The fee of one payment, shared among its bearers: floors, the rest to the first named. */
  addFee(fee: number): void {
    let left = fee;
    for (let i = 1; i < this.shareFor.length; i++) {
      const share = this.shareFor[i]?.(fee) ?? 0;
      this.add(FEES + i, share);
      left -= share;
    }
    this.add(FEES, left);
  }

  private add(at: number, amount: number): void {
    const sum = (this.sums[at] ?? 0) + amount;
    if (sum <= MOST) {
      this.sums[at] = sum;
      return;
    }
    this.carried[at] = (this.carried[at] ?? 0n) + BigInt(this.sums[at] ?? 0);
    this.sums[at] = whole(amount);
  }

  /** What another worker has counted for the same group. */
  absorb(count: number, sums: readonly bigint[]): void {
    this.count += count;
    sums.forEach((sum, at) => (this.carried[at] = (this.carried[at] ?? 0n) + sum));
  }

  /** Principal, then each bearer's fee, then each level's commission. */
  totals(): bigint[] {
    return this.carried.map((carried, at) => carried + BigInt(this.sums[at] ?? 0));
  }

  /** Row 1b and 8a for everything counted: principal, fees, commissions. */
  legs(provider: string): Leg[] {
    const totals = this.totals();
    const { line, schedule, earning } = this;
    const receiver = schedule.collection === 'netted' ? clearing(provider) : payable(provider);
    const fees = schedule.bearers.flatMap(({ party }, i) =>
      leg(bearerAccount(line, party), receiver, totals[FEES + i] ?? 0n, 'fee'),
    );
    const first = FEES + schedule.bearers.length;
    const commissions = (earning?.accounts ?? []).flatMap((account, level) =>
      leg(commissionBearer(line, earning), account, totals[first + level] ?? 0n, 'commission'),
    );
    return [...leg(clearing(provider), due(line.branch), totals[0] ?? 0n, 'principal'), ...fees, ...commissions];
  }
}

export function bearerAccount(line: Pick<Priceable, 'branch' | 'acquiringBranch' | 'partner'>, party: Bearer): string {
  if (party === 'hq') return HQ_FEES;
  if (party === 'partner') return line.partner === '' ? due(line.branch) : payable(line.partner);
  return due(party === 'acquiring' && line.acquiringBranch !== '' ? line.acquiringBranch : line.branch);
}

/** Who pays a commission: the home branch unless the plan says headquarters. */
export const commissionBearer = (line: Pick<Priceable, 'branch'>, earning: Pick<Earning, 'plan'> | null): string =>
  earning?.plan.bearer === 'hq' ? HQ_FEES : due(line.branch);
