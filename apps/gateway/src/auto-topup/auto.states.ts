import { assertReachable } from '../payments/payment.states';

export type AutoRuleState = 'active' | 'paused' | 'stopped' | 'ended';
export type OccasionState = 'noticed' | 'paying' | 'done' | 'skipped' | 'not_needed' | 'given_up';

/** stopped: after refusals, until it is set again · ended: by its payer, or because the number is no longer whose it was. */
export const RULE_MOVES: Readonly<Record<AutoRuleState, readonly AutoRuleState[]>> = {
  active: ['paused', 'stopped', 'ended'],
  paused: ['active', 'ended'],
  stopped: ['active', 'ended'],
  ended: ['active'],
};

/** noticed: its payer knows, and its time comes · paying: the intent stands, one payment under one key · noticed again: refused, tried later */
export const OCCASION_MOVES: Readonly<Record<OccasionState, readonly OccasionState[]>> = {
  noticed: ['paying', 'skipped', 'not_needed', 'given_up'],
  paying: ['done', 'noticed', 'given_up'],
  done: [],
  skipped: [],
  not_needed: [],
  given_up: [],
};

export function assertAutoStates(): void {
  assertReachable('auto top-up', RULE_MOVES, 'active', ['ended']);
  assertReachable('occasion', OCCASION_MOVES, 'noticed', ['done', 'skipped', 'not_needed', 'given_up']);
}
