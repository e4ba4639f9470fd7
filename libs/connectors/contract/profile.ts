import { z } from 'zod';

const time = z.string().regex(/^\d{2}:\d{2}$/);

/**
 * A provider's habits and contract as data. Times are HH:mm in Asia/Shanghai. Reconciliation reads further members of the
 * same object (waits, tolerances), so unknown members pass.
 */
export const providerProfile = z.looseObject({
  /** "Order not found" is an answer only for attempts older than this (ms): longer than our deadline plus its queues. */
  notFoundAfterMs: z.number().int().min(0).default(616_000),
  /** ms a money call may take before its outcome is unknown. */
  deadlineMs: z.number().int().min(100).max(30_000).default(6_000),
  concurrency: z.number().int().min(1).max(1_000).default(64),
  /** Days after the payment within which it takes refunds; afterwards money goes back by bank transfer. */
  refundWindowDays: z.number().int().min(0).max(3_650).default(365),
  feeOnRefund: z.enum(['kept', 'proportional', 'as_statement']).default('as_statement'),
  /** Whether its fee is taken out of the payout or invoiced. */
  fee: z.enum(['netted', 'invoiced']).default('netted'),
  /** What its statement shows of an order undone the same day. */
  reversalShows: z.enum(['both', 'neither', 'revoked']).default('both'),
  /** It may take money back by itself: charge-backs, debit returns. */
  allowsReturns: z.boolean().default(false),
  /** When its accounting day ends; absent: only by hand. */
  cutOff: time.optional(),
  /** From when the statement of a date can be there, and when it is late, on the day after the date. */
  statementFrom: time.default('06:00'),
  statementDeadline: time.default('12:00'),
  /** Minutes between two questions for a statement that is not there yet; absent: as the night is set. */
  statementEveryMinutes: z.number().int().min(1).max(1_440).optional(),
  /** Working days from a date to its payout. */
  payoutLagDays: z.number().int().min(0).max(60).default(1),
  calendar: z.enum(['china', 'every_day']).default('china'),
});
export type ProviderProfile = z.output<typeof providerProfile>;
export type ProviderProfileInput = Partial<z.input<typeof providerProfile>>;
