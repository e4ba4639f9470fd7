import type { SummedLeg } from '../positions/positions.store';
import { NOTHING, PAID, addPosition, partyOf, shareOf, type Position } from '../positions/position';

/** One line of a party's statement: everything of one provider and channel. */
export interface PartyLine {
  provider: string;
  channel: string;
  /** Statement items behind the principal. */
  count: number;
  position: Position;
}

/**
 * A party is named by its code alone: a bank that collects is provider and partner in one statement. What was paid between
 * headquarters and the party is no line of a day's settlement.
 */
export function linesOf(party: string, legs: readonly SummedLeg[]): PartyLine[] {
  const lines = new Map<string, PartyLine>();
  for (const leg of legs) {
    if (PAID.has(leg.kind)) continue;
    for (const account of [leg.debit, leg.credit]) {
      const { kind, code } = partyOf(account, leg);
      if (code !== party || kind === 'hq') continue;
      const key = `${leg.provider} ${leg.channel}`;
      const before = lines.get(key) ?? { provider: leg.provider, channel: leg.channel, count: 0, position: NOTHING };
      lines.set(key, {
        ...before,
        count: before.count + (leg.kind === 'principal' ? leg.items : 0),
        position: addPosition(before.position, shareOf(kind, account, leg)),
      });
    }
  }
  return [...lines.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}
