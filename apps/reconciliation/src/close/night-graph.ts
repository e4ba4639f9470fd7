import type { StepName } from '@yidian/contracts';

/** The night of one provider and date, in order; each step waits for the one before it. */
export const NIGHT: readonly StepName[] = [
  'cut',
  'pull',
  'fetch',
  'parse',
  'match',
  'resolve',
  'settle',
  'statements',
  'notify',
];

/** What is done again when a day is run again: the books stay frozen, the statement may have been replaced. */
export const AGAIN: readonly StepName[] = NIGHT.slice(NIGHT.indexOf('fetch'));

export const stepId = (provider: string, date: string, generation: number, name: StepName): string =>
  `${provider}-${date}-${generation}-${name}`;
