/** Seconds without a request after which a session is over. */
export const IDLE_S = { operator: 30 * 60, customer: 15 * 60 } as const;
/** Seconds after which it is over whatever happens. */
export const LONGEST_S = { operator: 12 * 3_600, customer: 2 * 3_600 } as const;
/** "Seen" is written at most this often. */
export const TOUCH_S = 60;
