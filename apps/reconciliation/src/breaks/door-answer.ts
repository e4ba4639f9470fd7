import type { SettleAs } from './resolutions.store';

/** What came of one step at the service that owns it. */
export type DoorAnswer =
  | { kind: 'done'; detail: string; settleAs: SettleAs | null }
  /** Asked, and it settles nothing: the next step, or people. */
  | { kind: 'open'; detail: string }
  | { kind: 'working'; detail: string }
  | { kind: 'claimed'; detail: string }
  | { kind: 'refused'; detail: string };
