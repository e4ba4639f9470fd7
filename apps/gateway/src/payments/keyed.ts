import type { Channel } from '@yidian/contracts';

/** Who asks, as far as a payment is concerned. */
export interface Origin {
  channel: Channel;
  /** Partner id, or '' when a customer asks. Guards keys and references, and whose objects are visible. */
  partner: string;
  /** Provider role of a partner that collects, else null. */
  collectsAs: string | null;
  /** Branch that brings the payment; earns commission. '' = take the payer's own branch. */
  acquiringBranch: string;
  /** Most a collecting partner may hold for its open business date; null = no limit. */
  exposureLimit: bigint | null;
  /** Counted until it is remitted, not by business date. */
  exposureHeld?: boolean;
  /** Full number of the signed-in or texting customer, else null. */
  payer: string | null;
}

/** What a POST answers; the same key and body give the same status and body with `replayed`. */
export interface Answer<T> {
  status: 200 | 201 | 202;
  body: T;
  replayed: boolean;
  /** Seconds, with 202. */
  retryAfter?: number;
}

export interface Page<T> {
  data: T[];
  has_more: boolean;
  next_cursor: string | null;
}

export interface Keyed<B> {
  origin: Origin;
  /** Value of Idempotency-Key, without quotes. */
  idempotencyKey: string;
  body: B;
  /** Id of the message it came by; no part of what is asked, so not compared on a replay. */
  source?: string;
  /** The payer's own address as the door saw it; no part of what is asked either. */
  payerIp?: string;
  /** The browser it came from; no part of what is asked either. */
  device?: string;
}
