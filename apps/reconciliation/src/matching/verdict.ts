import type { BreakClass, ResolutionAction } from '@yidian/contracts';

/** Payment in the statement: S a success line, – none. */
export type PState = 'S' | '–';
/** K paid or further · U submitted/unknown · C created · N declined/closed · V reversed · F credit failed, refund under way or done · – no row. */
export type GState = 'K' | 'U' | 'C' | 'N' | 'V' | 'F' | '–';
/** + credited · – none · ? unknown · x refused · ± credited and taken back. */
export type BState = '+' | '–' | '?' | 'x' | '±';

/**
 * What a rule may do alone, before any limit is looked at.
 * yes: the default resolution · first_step: its first step, the rest is a row of its own · requery: only ask again ·
 * balance: value is taken back only where the subscriber still has it · returns: only where the provider's profile allows
 * returns · no: people only.
 */
export type Auto = 'yes' | 'first_step' | 'requery' | 'balance' | 'returns' | 'no';

/** `none`: not in the book, nothing to say. */
export type VerdictClass = BreakClass | 'none';

export interface Verdict {
  /** Row of its table as MONEY.md numbers it: 1-37, R1-R17, V1-V10. */
  row: string;
  class: VerdictClass;
  /** Provider dates it may wait for its other half; null where there is nothing to wait for. */
  wait: number | null;
  /** Tried in this order by a rule until one settles it. */
  steps: readonly ResolutionAction[];
  /** What people are offered first. */
  suggested: ResolutionAction;
  auto: Auto;
  /** Somebody must look at once: forged, or an order of events that cannot be. */
  severe: boolean;
}
