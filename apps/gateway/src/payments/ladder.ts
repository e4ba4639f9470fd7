const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** When somebody who owes an answer is asked again: 10 s, 30 s, 1 min, 5 min ×3, 15 min, hourly to a day, then people. */
export const LADDER: readonly number[] = [
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  5 * MINUTE,
  5 * MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  ...Array.from({ length: 24 }, () => HOUR),
];

/**
 * @param tries how often it was asked already
 * @returns null when the ladder is at its end: the row then waits in the human queue
 */
export function nextDue(now: Date, tries: number): Date | null {
  const step = LADDER[tries];
  return step === undefined ? null : new Date(now.getTime() + step);
}
