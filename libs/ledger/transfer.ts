export interface TransferInput {
  debit: string;
  credit: string;
  /** Minor units, > 0. */
  amount: bigint;
  /** principal, fee, commission, promotion, hold … ≤ 20 characters. */
  kind: string;
  refersTo?: string;
  /** May pass the balance limit (bills, provider returns, approved resolutions). */
  forced?: boolean;
  /** Reason of the stored rejection when this leg would pass the floor or the ceiling; default `below_floor`, `above_ceiling`. */
  onFloor?: string;
  onCeiling?: string;
  /** In a planned hold: waits in `held/<credit>` until the hold is resolved; legs without it stand and fall with the hold. */
  aside?: boolean;
}

/** Short texts under short names, such as what was given beside what was paid for. */
export type Notes = Readonly<Record<string, string>>;
