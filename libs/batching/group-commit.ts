export interface BatchLimits {
  /** Items per batch, 1 to 256. */
  items: number;
  /** Bytes per batch by `sizeOf`. */
  bytes: number;
  /** Full batches that may wait; beyond that `Busy`. */
  queuedBatches: number;
  /** Tries of one batch, the first included. */
  tries: number;
  /** Time an item has when its caller names none. */
  ttlMs: number;
}
