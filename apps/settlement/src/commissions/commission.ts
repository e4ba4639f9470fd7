import { ofPpm, type Rounding } from '@yidian/money';

/** Who earns: the branch that brought the payment (when it is not the home branch), or the partner behind the channel. */
export type Earner = 'acquiring_branch' | 'partner';

/** One dated commission plan. Never edited: payments point to the plan they were priced by. `*` = any. */
export interface CommissionPlan {
  id: string;
  channel: string;
  partner: string;
  acquiringBranch: string;
  earner: Earner;
  /** Of the face value, parts per million. */
  ppm: bigint;
  rounding: Rounding;
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
  /** Account that earns: `due/<branch>` or `payable/<partner>`. */
  account: string;
}

export const commissionOf = (plan: Pick<CommissionPlan, 'ppm' | 'rounding'>, face: bigint): bigint =>
  ofPpm(face, plan.ppm, plan.rounding);

/** The plan that applies and who earns by it, or null: most special first (partner, branch, channel), then the latest. */
export function earningFor(plans: readonly CommissionPlan[], payment: Brought, date: string): Earning | null {
  const found = plans
    .filter((p) => matches(p.channel, payment.channel) && matches(p.partner, payment.partner))
    .filter((p) => matches(p.acquiringBranch, payment.acquiringBranch))
    .filter((p) => p.validFrom <= date && (p.validTo === null || p.validTo >= date))
    .sort((a, b) => rank(b) - rank(a) || compare(b.validFrom, a.validFrom) || compare(a.id, b.id));
  for (const plan of found) {
    const account = earnerAccount(plan.earner, payment);
    if (account) return { plan, account };
  }
  return null;
}

function earnerAccount(earner: Earner, payment: Brought): string | null {
  if (earner === 'partner') return payment.partner === '' ? null : `payable/${payment.partner}`;
  const away = payment.acquiringBranch !== '' && payment.acquiringBranch !== payment.branch;
  return away ? `due/${payment.acquiringBranch}` : null;
}

const matches = (rule: string, value: string): boolean => rule === '*' || rule === value;
const rank = (plan: CommissionPlan): number =>
  (plan.partner === '*' ? 0 : 4) + (plan.acquiringBranch === '*' ? 0 : 2) + (plan.channel === '*' ? 0 : 1);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
