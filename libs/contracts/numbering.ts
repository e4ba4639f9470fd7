import { z } from 'zod';
import { branchCode, digits, items, msisdn, plainDate } from './common';

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
  /** On a replay: what the first telling was answered. */
  first?: ChangeOutcome;
  /** Why it is a conflict: the key stands for something else, the state allows no such move, its time has not come. */
  reason?: 'key_reused' | 'not_allowed' | 'not_yet';
  /** Of the first telling, also on a replay. */
  eventId?: string;
}

/** subscriber_events.pull: what happened to numbers, dense ids in commit order; `after` = the last id that was read. */
export const subscriberEventsPull = z.object({ after: digits, limit: z.number().int().min(1).max(500) });
export interface SubscriberEvent {
  id: string;
  kind: ChangeKind;
  at: string;
  recordedAt: string;
  msisdn: string;
  /** Who holds the number afterwards. */
  subscriberId: string;
  /** Who held it until then, when the number went to somebody else. */
  formerSubscriberId: string | null;
  branch: string;
  ownerVersion: number;
  status: string;
  suspendReason: SuspendReason | null;
  balance: string | null;
  source: string;
}

/** numbers.owner_at: who held a number at an instant, and in which state its subscriber was then. */
export const numbersOwnerAt = items(z.object({ msisdn, at: z.iso.datetime({ offset: true }) }));
export interface OwnerAtAnswer {
  msisdn: string;
  at: string;
  owner?: {
    subscriberId: string;
    branch: string;
    ownerVersion: number;
    status: string;
    suspendReason: SuspendReason | null;
    since: string;
    /** Null: still. */
    until: string | null;
  };
  /** Nobody held it: where it routed by ported numbers and segments; null for another carrier. Left out: nowhere. */
  route?: string | null;
}

export const numberingKind = z.enum(['segments', 'ports']);
export type NumberingKind = z.infer<typeof numberingKind>;
const numberingFindings = z.array(z.string().max(200)).max(200);

/**
 * numbering.begin: an import is a version, known by its file; beginning the same file again goes on where it stopped. A file
 * older than one that is in force is refused with `state_conflict`: history is never rewritten.
 */
export const numberingBegin = z.object({
  kind: numberingKind,
  format: z.enum(['csv', 'phone.dat']),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  fileName: z.string().min(1).max(200),
  /** In force from the beginning of this day, Asia/Shanghai. Ported numbers have dates of their own. */
  from: plainDate,
  /** The file is the whole table: what is not in it ends. */
  wholeTable: z.boolean(),
  actor: z.string().min(1).max(64),
  total: z.number().int().min(1).max(10_000_000),
  badLines: z.number().int().min(0),
  findings: numberingFindings,
});

/** A route as read from a file: prefix or number, branch (null: another carrier), carrier, own dates of a ported number. */
export const numberingRow = z.tuple([
  z.string().regex(/^1\d{6,10}$/),
  branchCode.nullable(),
  z.number().int().min(0).max(9),
  plainDate.nullable(),
  plainDate.nullable(),
]);
export type NumberingRow = z.infer<typeof numberingRow>;
export const MAX_NUMBERING_ROWS = 4_000;

/** numbering.rows: the rows from `offset` on; sent twice, they are taken once. */
export const numberingRows = z.object({
  version: z.number().int().positive(),
  offset: z.number().int().min(0),
  rows: z.array(numberingRow).min(1).max(MAX_NUMBERING_ROWS),
});

/** numbering.apply: carries out a slice of the version; called again until the state is `applied`. */
export const numberingApply = z.object({ version: z.number().int().positive() });

export interface NumberingVersion {
  version: number;
  kind: NumberingKind;
  format: string;
  sha256: string;
  fileName: string;
  from: string;
  wholeTable: boolean;
  actor: string;
  /** refused: two rows of the file say different things of one number. */
  state: 'open' | 'applying' | 'applied' | 'refused';
  total: number;
  received: number;
  applied: number;
  opened: number;
  closed: number;
  /** Older than what is known already. */
  skipped: number;
  badLines: number;
  findings: string[];
  createdAt: string;
  appliedAt: string | null;
}

/** numbering.versions: newest first. */
export const numberingVersions = z.object({ limit: z.number().int().min(1).max(100) });
