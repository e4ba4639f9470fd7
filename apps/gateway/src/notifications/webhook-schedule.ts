const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waits after each of 16 tries over about a day; after the last the event can still be pulled or sent again by hand. */
export const WEBHOOK_WAITS: readonly number[] = [
  5 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  20 * MINUTE,
  30 * MINUTE,
  HOUR,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  6 * HOUR,
  8 * HOUR,
];

/** An endpoint that nothing has reached for so long is disabled when an event runs out of tries. */
export const DISABLED_AFTER_MS = 18 * HOUR;

/** How much of a wait is left to chance: receivers that came back are not met by everybody in the same second. */
const JITTER = 0.2;

/** @param made tries made since the event was last put on its way; null: it was the last one */
export function waitAfter(made: number, random: () => number = Math.random): number | null {
  const wait = WEBHOOK_WAITS[made - 1];
  return wait === undefined ? null : Math.round(wait * (1 - JITTER + 2 * JITTER * random()));
}
