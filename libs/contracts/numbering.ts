import { z } from 'zod';
import { branchCode, digits, msisdn } from './common';

/**
 * What happened to a number, as its branch or an operator says it. `low_balance` and `sim_changed` move no state; all
 * others are moves of the subscriber's life cycle.
 */
export const changeKind = z.enum([
  'suspended',
  'resumed',
  'pre_closed',
  'closed',
  'recycled',
  'owner_changed',
  'sim_changed',
  'ported_out',
  'ported_in',
  'low_balance',
]);
export type ChangeKind = z.infer<typeof changeKind>;

/** Why a number is suspended: arrears are ended by paying, so payments go on; anything else is `loss`, and they do not. */
export const suspendReason = z.enum(['arrears', 'loss']);
export type SuspendReason = z.infer<typeof suspendReason>;

/** subscribers.change: one change of one number, once per source and key. */
export const subscribersChange = z.object({
  /** Id of the event at its source. */
  key: z.string().min(1).max(80),
  msisdn,
  kind: changeKind,
  /** When it happened there, not when it was told. */
  at: z.iso.datetime({ offset: true }),
  /** `bss:430000`, `operator:ops`, `import` */
  source: z.string().min(1).max(64),
  name: z.string().min(1).max(40).optional(),
  /** The branch that serves the number from now on; only with `ported_in`. */
  branch: branchCode.optional(),
  balance: digits.optional(),
  suspendReason: suspendReason.optional(),
});

/**
 * changed: applied, or noted where it moves nothing. replay: this key was told before; nothing happened again. stale: it
 * happened before a change that is applied already; recorded, not applied. conflict: the key stands for something else, or
 * the number's state allows no such move. unknown_number: nobody has it; nothing is recorded, it may be told again.
 */
export type ChangeOutcome = 'changed' | 'replay' | 'stale' | 'conflict' | 'unknown_number';
export interface ChangeAnswer {
  outcome: ChangeOutcome;
  /** Of the first telling, also on a replay. */
  eventId?: string;
}
