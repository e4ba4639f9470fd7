import type { SubscriberEvent } from '@yidian/contracts';

/**
 * Why debits of an agreement rest until somebody releases it: its provider took money back; the provider's list says
 * otherwise; an authority ordered it.
 */
export type LastingCause = 'returned' | 'bank_file' | 'legal';
/** Why debits of an agreement rest. */
export type FreezeCause = 'sim_changed' | 'suspended' | 'owner_changed' | LastingCause;

export type NumberEffect =
  | { do: 'end' }
  | { do: 'freeze'; until: Date; by: FreezeCause }
  /** What is linked ends; agreements rest until then, and end unless somebody has released them. */
  | { do: 'hand_over'; until: Date }
  /** Only what was frozen by this cause. */
  | { do: 'release'; by: FreezeCause }
  | { do: 'nothing' };

/** Whoever came by a number or a card for it has that long to be noticed. */
const FREEZE_MS = 72 * 3_600_000;

/**
 * What a change of a number does to what was agreed for it. Who holds it then agreed to nothing: all ends. A number that its
 * branch wrote over to another holder may be one written over by mistake or by fraud, or within one company: what is linked
 * ends, the account's debits rest, and end with the rest unless somebody has seen that the account is the new holder's. A new
 * SIM card, or a phone that was lost, may be in other hands: debits rest. Back in service ends the rest of a lost phone at
 * once, but not that of a new card: who stole a number by a new card would have it put back in service, too.
 */
export function effectOf(
  event: Pick<SubscriberEvent, 'kind' | 'at' | 'suspendReason' | 'formerSubscriberId'>,
): NumberEffect {
  switch (event.kind) {
    case 'closed':
    case 'recycled':
    case 'ported_out':
      return { do: 'end' };
    case 'owner_changed':
      return { do: 'hand_over', until: new Date(Date.parse(event.at) + FREEZE_MS) };
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
