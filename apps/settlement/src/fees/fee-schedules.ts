import { tiersFault, type Tier, type TierMode } from '@yidian/money';
import type { BearerShare, FeeCollection, FeeRule, RefundPolicy } from './fee';

/** What the rate is taken of: what the provider took, or what was credited. */
export type FeeBase = 'charged' | 'face';

/** One dated line of a provider's contract. Never edited: payments point to the rule they were priced by. */
export interface FeeSchedule extends FeeRule {
  id: string;
  provider: string;
  /** A channel, or `*`. */
  channel: string;
  /** The provider's product, or `*`. */
  product: string;
  /** Home branch whose price this is, or `*` for all. */
  branch: string;
  validFrom: string;
  /** Last date it holds, or null. */
  validTo: string | null;
  base: FeeBase;
  /** day: one fee for the day's sum, its parts by largest remainder; no minimum and no cap then. */
  roundPer: 'payment' | 'day';
  /** Of the month's volume; none: one rate. While the month runs `ppm` is the provisional rate. */
  tiers: readonly Tier[];
  tierMode: TierMode;
  collection: FeeCollection;
  refundPolicy: RefundPolicy;
  bearers: readonly BearerShare[];
}

/** What says which line of the contract prices a payment. */
export interface PricedBy {
  provider: string;
  channel: string;
  product: string;
  branch: string;
  date: string;
}

export class NoFeeSchedule extends Error {
  override readonly name = 'NoFeeSchedule';
}

/**
 * The contract line that prices a payment: a branch's own before the product's, the product's before the channel's, that
 * before the one for all; then the latest to begin.
 * @throws NoFeeSchedule rather than guessing a fee of nothing
 */
export function scheduleFor(schedules: readonly FeeSchedule[], by: PricedBy): FeeSchedule {
  const found = schedules
    .filter((s) => s.provider === by.provider && matches(s, by))
    .filter((s) => s.validFrom <= by.date && (s.validTo === null || s.validTo >= by.date))
    .sort((a, b) => rank(b) - rank(a) || compare(b.validFrom, a.validFrom) || compare(a.id, b.id));
  if (found[0]) return found[0];
  throw new NoFeeSchedule(`no fee schedule of ${by.provider} holds on ${by.date} for channel ${by.channel}`);
}

/** Is this a line for such payments? `*` = any. */
export const matches = (s: Pick<FeeSchedule, Scope>, by: Pick<PricedBy, Scope>): boolean =>
  SCOPES.every((scope) => s[scope] === '*' || s[scope] === by[scope]);

type Scope = 'channel' | 'product' | 'branch';
const SCOPES: readonly Scope[] = ['channel', 'product', 'branch'];

/** Why a contract line cannot be activated; empty when it can. */
export function scheduleFaults(s: FeeSchedule): string[] {
  const shares = s.bearers.reduce((sum, bearer) => sum + bearer.ppm, 0n);
  const faults: [boolean, string][] = [
    [shares !== 1_000_000n, 'bearers must sum to 1000000 ppm'],
    [new Set(s.bearers.map(({ party }) => party)).size !== s.bearers.length, 'each bearer once'],
    [[s.ppm, s.fixed, s.min, ...s.tiers.map(({ ppm }) => ppm)].some((n) => n < 0n), 'nothing may be negative'],
    [s.ppm > 1_000_000n || s.tiers.some(({ ppm }) => ppm > 1_000_000n), 'a rate is at most 1000000 ppm'],
    [s.cap !== null && s.min > s.cap, 'min must not be above cap'],
    [s.validTo !== null && s.validTo < s.validFrom, 'validTo must not be before validFrom'],
    [s.roundPer === 'day' && plainRateOnly(s), 'a fee rounded per day has no minimum, cap or fixed part'],
    [s.tiers.length > 0 && plainRateOnly(s), 'a price by month volume has no minimum, cap or fixed part'],
  ];
  const first = s.tiers[0] && s.tiers[0].ppm !== s.ppm ? 'with tiers ppm is the rate of the first' : null;
  const tiers = s.tiers.length > 0 ? (tiersFault(s.tiers) ?? first) : null;
  return [...faults.filter(([wrong]) => wrong).map(([, fault]) => fault), ...(tiers ? [tiers] : [])];
}

const plainRateOnly = ({ min, cap, fixed }: FeeRule): boolean => min !== 0n || cap !== null || fixed !== 0n;

const rank = (s: FeeSchedule): number =>
  (s.branch === '*' ? 0 : 4) + (s.product === '*' ? 0 : 2) + (s.channel === '*' ? 0 : 1);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
