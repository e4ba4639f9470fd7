import { z } from 'zod';
import { digits, providerCode } from './common';

/**
 * Contracts of money in settlement: fee schedules and commission plans by two people, what a schedule would have cost, and
 * the close of a month. Amounts are minor units as digits, rates are ppm.
 */
const actor = z.string().min(1).max(64);
const id = z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,39}$/);
export const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
const decision = z.enum(['approve', 'reject']);
const reason = z.string().min(1).max(200);
const terms = z.record(z.string(), z.unknown());

export type TermsStateName = 'draft' | 'active' | 'rejected';

/** fees.propose: a new line of a provider's contract, in the words of the carrier's profile. Nothing is priced by it yet. */
export const feesPropose = z.object({ schedule: terms, actor, reason });
/** fees.simulate: what the line would have charged for the payments of these months, beside what was charged. */
export const feesSimulate = z.object({ id, from: month, to: month, actor });
/** fees.decide: by another person than the one who proposed it, after a simulation. */
export const feesDecide = z.object({ id, decision, actor });
export const feesList = z.object({ provider: providerCode.optional() });
export interface FeeTermsView {
  id: string;
  provider: string;
  state: TermsStateName;
  /** The line itself, amounts and rates as digits. */
  schedule: Record<string, unknown>;
  proposedBy: string;
  decidedBy: string;
  reason: string;
  simulated: string;
}
export interface FeeSimulation {
  id: string;
  from: string;
  to: string;
  payments: number;
  charged: string;
  wouldBe: string;
  difference: string;
  branches: { branch: string; payments: number; charged: string; wouldBe: string; difference: string }[];
  /** Of terms and figures: what the second person approves. */
  digest: string;
}

/** plans.propose, plans.decide: commission plans likewise. */
export const plansPropose = z.object({ plan: terms, actor, reason });
export const plansDecide = z.object({ id, decision, actor });
export interface PlanTermsView {
  id: string;
  state: TermsStateName;
  plan: Record<string, unknown>;
  proposedBy: string;
  decidedBy: string;
  reason: string;
}

/**
 * months.run: closes a month step by step, as far as it can; asked again it goes on.
 * @param missing what a person knows to be missing and lets pass: providers whose last day or invoice is not there
 */
export const monthsRun = z.object({ month, actor, missing: z.array(z.string().max(40)).max(50).default([]) });
export const monthsStatus = z.object({ month });
/** months.signOff: by another person than the one who closed it, while every invariant holds. */
export const monthsSignOff = z.object({ month, actor });
/** invoices.enter: what a provider bills for a month. The same number again must be the same amount. */
export const invoicesEnter = z.object({
  provider: providerCode,
  month,
  number: z.string().min(1).max(64),
  amount: digits,
  actor,
});
export interface MonthReply {
  month: string;
  state: 'open' | 'closing' | 'closed' | 'signed_off';
  proposedBy: string;
  signedBy: string;
  steps: { no: number; name: string; state: 'waiting' | 'done' | 'blocked'; detail: string }[];
  figures: { step: number; termsId: string; party: string; name: string; amount: string }[];
  /** Every account's balance and their sum, once closed. */
  trialBalance: { account: string; balance: string }[];
  digest: string;
}

export interface TermsRpc {
  'fees.propose': [z.input<typeof feesPropose>, FeeTermsView];
  'fees.simulate': [z.input<typeof feesSimulate>, FeeSimulation];
  'fees.decide': [z.input<typeof feesDecide>, FeeTermsView];
  'fees.list': [z.input<typeof feesList>, { schedules: FeeTermsView[] }];
  'plans.propose': [z.input<typeof plansPropose>, PlanTermsView];
  'plans.decide': [z.input<typeof plansDecide>, PlanTermsView];
  'plans.list': [object, { plans: PlanTermsView[] }];
  'invoices.enter': [z.input<typeof invoicesEnter>, { replay: boolean }];
  'months.run': [z.input<typeof monthsRun>, MonthReply];
  'months.status': [z.input<typeof monthsStatus>, MonthReply];
  'months.signOff': [z.input<typeof monthsSignOff>, MonthReply];
}
