import type { StepName, StepState } from '@yidian/contracts';

export type DayState = 'open' | 'cut' | 'statement_in' | 'none_today' | 'matched' | 'settled';

/** Where a provider-day stands: computed from its steps, stored nowhere. */
export function dayState(steps: readonly { name: StepName; state: StepState }[], noneToday: boolean): DayState {
  const done = (name: StepName) => steps.some((step) => step.name === name && step.state === 'done');
  if (done('settle')) return 'settled';
  if (done('match')) return 'matched';
  if (done('fetch')) return noneToday ? 'none_today' : 'statement_in';
  return done('cut') ? 'cut' : 'open';
}
