import { ofPpm, splitCascade, tiersFault, type Rounding, type Tier, type TierMode } from '@yidian/money';

/** Who earns: the branch that brought the payment (when it is not the home branch), the partner behind it, a named party. */
export type Earner = 'acquiring_branch' | 'partner' | 'party';

/** What the rate is taken of: what was credited, what the provider took, or that less the provider's fee. */
export type CommissionBase = 'face' | 'charged' | 'net';

/** One level of a cascade. `ppm` is cumulative: a level earns its rate less that of the level below it. */
export interface CommissionLevel {
  earner: Earner;
  /** Of a named party; empty otherwise. */
  party: string;
  ppm: bigint;
  /** Of the month's volume; none: one rate. While the month runs `ppm` is the provisional rate. */
  tiers: readonly Tier[];
}

/** One dated commission plan. Never edited: payments carry what they were priced by. `*` = any. */
export interface CommissionPlan {
  id: string;
  channel: string;
  partner: string;
  acquiringBranch: string;
  /** Of a plan of one level; a cascade has `levels`. */
  earner: Earner;
  ppm: bigint;
  /** Bottom first. Empty: one level, as `earner` and `ppm` say. */
  levels: readonly CommissionLevel[];
  /** Which level takes what floors leave over. */
  rest: number;
  base: CommissionBase;
  bearer: 'home' | 'hq';
  rounding: Rounding;
  tierMode: TierMode;
  /** Tax within the commission, ppm of the net. */
  taxPpm: bigint;
  /** How much of a month's commission claw-backs may take at most, ppm; null: all and more. */
  clawCapPpm: bigint | null;
  validFrom: string;
  validTo: string | null;
}

/** What a payment says about who brought it. */
export interface Brought {
  branch: string;
  acquiringBranch: string;
  channel: string;
  partner: string;
}

export interface Earning {
  plan: CommissionPlan;
  /** Who earns, per level: `due/<branch>` or `payable/<party>`. */
  accounts: readonly string[];
}

export const levelsOf = (plan: Pick<CommissionPlan, 'levels' | 'earner' | 'ppm'>): readonly CommissionLevel[] =>
  plan.levels.length > 0 ? plan.levels : [{ earner: plan.earner, party: '', ppm: plan.ppm, tiers: [] }];

/** What each level earns on a base: floors, the rest to the named level, Σ = the plan's total. */
export const commissionParts = (
  plan: Pick<CommissionPlan, 'rest' | 'rounding'>,
  rates: readonly bigint[],
  base: bigint,
): bigint[] => splitCascade(base, rates, plan.rest, plan.rounding);

export const commissionOf = (plan: Pick<CommissionPlan, 'ppm' | 'rounding'>, base: bigint): bigint =>
  ofPpm(base, plan.ppm, plan.rounding);

/**
 * The plan that applies and who earns by it, or null: most special first (partner, branch, channel), then the latest. A
 * cascade of which one level would have nobody does not apply: its parts would not add up to its total.
 */
export function earningFor(plans: readonly CommissionPlan[], payment: Brought, date: string): Earning | null {
  const found = plans
    .filter((p) => matches(p.channel, payment.channel) && matches(p.partner, payment.partner))
    .filter((p) => matches(p.acquiringBranch, payment.acquiringBranch))
    .filter((p) => p.validFrom <= date && (p.validTo === null || p.validTo >= date))
    .sort((a, b) => rank(b) - rank(a) || compare(b.validFrom, a.validFrom) || compare(a.id, b.id));
  for (const plan of found) {
    const accounts = levelsOf(plan).map((level) => earnerAccount(level, payment));
    if (accounts.every((account) => account !== null)) return { plan, accounts };
  }
  return null;
}

/** Why a plan cannot be activated; empty when it can. */
export function planFaults(plan: CommissionPlan): string[] {
  const levels = levelsOf(plan);
  const rates = levels.map(({ ppm }) => ppm);
  const tiered = levels.filter(({ tiers }) => tiers.length > 0);
  const faults: [boolean, string][] = [
    [levels.length > MAX_LEVELS, `a cascade has at most ${MAX_LEVELS} levels`],
    [rates.some((rate, i) => rate < (rates[i - 1] ?? 0n)), 'a level cannot earn less than the level below it'],
    [(rates.at(-1) ?? 0n) > 1_000_000n, 'a rate is at most 1000000 ppm'],
    [!Number.isInteger(plan.rest) || plan.rest < 0 || plan.rest >= levels.length, 'rest must name a level'],
    [levels.some(({ earner, party }) => (earner === 'party') !== (party !== '')), 'a named party has a name'],
    [tiered.length > 0 && tiered.length < levels.length, 'all levels of a cascade have tiers, or none has'],
    [plan.taxPpm < 0n, 'tax must not be negative'],
    [plan.clawCapPpm !== null && (plan.clawCapPpm < 0n || plan.clawCapPpm > 1_000_000n), 'a cap is a share in ppm'],
    [plan.validTo !== null && plan.validTo < plan.validFrom, 'validTo must not be before validFrom'],
  ];
  const tiers = tiered.map((level) => tiersFault(level.tiers)).filter((fault) => fault !== null);
  return [...faults.filter(([wrong]) => wrong).map(([, fault]) => fault), ...tiers];
}

const MAX_LEVELS = 4;

function earnerAccount({ earner, party }: CommissionLevel, payment: Brought): string | null {
  if (earner === 'party') return `payable/${party}`;
  if (earner === 'partner') return payment.partner === '' ? null : `payable/${payment.partner}`;
  const away = payment.acquiringBranch !== '' && payment.acquiringBranch !== payment.branch;
  return away ? `due/${payment.acquiringBranch}` : null;
}

const matches = (rule: string, value: string): boolean => rule === '*' || rule === value;
const rank = (plan: CommissionPlan): number =>
  (plan.partner === '*' ? 0 : 4) + (plan.acquiringBranch === '*' ? 0 : 2) + (plan.channel === '*' ? 0 : 1);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
