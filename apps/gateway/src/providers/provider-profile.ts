import { z } from 'zod';

/** What our own dealings with a provider need of its profile; reconciliation reads other members of the same object. */
export const providerProfile = z.looseObject({
  /** "Order not found" is an answer only for attempts older than this (ms): longer than our deadline plus its queues. */
  notFoundAfterMs: z.number().int().min(0).default(616_000),
  /** ms a money call may take before its outcome is unknown. */
  deadlineMs: z.number().int().min(100).max(30_000).default(6_000),
  concurrency: z.number().int().min(1).max(1_000).default(64),
});
export type ProviderProfile = z.output<typeof providerProfile>;
