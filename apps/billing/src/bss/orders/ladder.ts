const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** When a province that owes a word is asked again: 10 s, 30 s, 1 min, 5 min ×3, 15 min, hourly to a day, then people. */
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
/** Between the two queries that must both find nothing. */
export const SECOND_LOOK_MS = 10 * SECOND;
export const LOOKS_THAT_COUNT = 2;

/** @returns null at the ladder's end: only people or the province's file go on */
export function nextDue(now: Date, asked: number): Date | null {
  const step = LADDER[asked];
  return step === undefined ? null : new Date(now.getTime() + step);
}
