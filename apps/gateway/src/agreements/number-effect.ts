import type { SubscriberEvent } from '@yidian/contracts';

/**
 * Why debits of an agreement rest until somebody releases it: its provider took money back; the provider's list says
 * otherwise; an authority ordered it.
 */
export type LastingCause = 'returned' | 'bank_file' | 'legal';
/** Why debits of an agreement rest. */
export type FreezeCause = 'sim_changed' | 'suspended' | LastingCause;

export type NumberEffect =
  | { do: 'end' }
  | { do: 'freeze'; until: Date; by: FreezeCause }
  /** Only what was frozen by this cause. */
  | { do: 'release'; by: FreezeCause }
  | { do: 'nothing' };

/** Whoever came by a number or a card for it has that long to be noticed. */
const FREEZE_MS = 72 * 3_600_000;

/**
 * What a change of a number does to what was agreed for it. Who holds it then agreed to nothing: all ends. A new SIM card, or
 * a phone that was lost, may be in other hands: debits rest. Back in service ends the rest of a lost phone at once, but not
 * that of a new card: who stole a number by a new card would have it put back in service, too. Low balances are for automatic
 * top-ups, which there are none of yet.
 */
export function effectOf(
  event: Pick<SubscriberEvent, 'kind' | 'at' | 'suspendReason' | 'formerSubscriberId'>,
): NumberEffect {
  switch (event.kind) {
    case 'closed':
    case 'recycled':
    case 'ported_out':
    case 'owner_changed':
      return { do: 'end' };
    case 'ported_in':
      return event.formerSubscriberId === null ? { do: 'nothing' } : { do: 'end' };
    case 'sim_changed':
      return { do: 'freeze', until: new Date(Date.parse(event.at) + FREEZE_MS), by: 'sim_changed' };
    case 'suspended':
      if (event.suspendReason === 'arrears') return { do: 'nothing' };
      return { do: 'freeze', until: new Date(Date.parse(event.at) + FREEZE_MS), by: 'suspended' };
    case 'resumed':
      return { do: 'release', by: 'suspended' };
    case 'pre_closed':
    case 'low_balance':
      return { do: 'nothing' };
  }
}
