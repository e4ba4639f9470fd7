import type { CommissionPlan } from '../commissions/commission';
import type { FeeSchedule } from '../fees/fee-schedules';

/** 0.60 %: 30 fen of 50 yuan, the figure of MONEY §3. */
export const schedule = (given: Partial<FeeSchedule> = {}): FeeSchedule => ({
  id: 'bank_a-2026',
  provider: 'bank_a',
  channel: '*',
  product: '*',
  branch: '*',
  validFrom: '2026-01-01',
  validTo: null,
  base: 'charged',
  roundPer: 'payment',
  tiers: [],
  tierMode: 'marginal',
  ppm: 6000n,
  fixed: 0n,
  min: 0n,
  cap: null,
  rounding: 'half_up',
  collection: 'netted',
  refundPolicy: 'kept',
  bearers: [{ party: 'home', ppm: 1_000_000n }],
  ...given,
});

/** 0.50 % to the branch that brought the payment. */
export const plan = (given: Partial<CommissionPlan> = {}): CommissionPlan => ({
  id: 'acquiring-2026',
  channel: '*',
  partner: '*',
  acquiringBranch: '*',
  earner: 'acquiring_branch',
  ppm: 5000n,
  levels: [],
  rest: 0,
  base: 'face',
  bearer: 'home',
  tierMode: 'marginal',
  taxPpm: 0n,
  clawCapPpm: null,
  rounding: 'half_up',
  validFrom: '2026-01-01',
  validTo: null,
  ...given,
});
