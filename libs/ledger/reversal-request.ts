import { Poison } from '@yidian/batching';
import type { DoorRequest } from './door';
import { HELD, isHold, RESOLVES } from './hold-requests';
import type { PostingRow, TransferRow } from './ledger.store';
import type { ReverseInput } from './posting';
import { CURRENCY, postingRequest, type IsLimited } from './requests';

/** The key is derived from the posting's: at most one reversal, without touching what is undone. */
export const reversalKey = (key: string): string => `reverse:${key}`;

/** The same legs the other way round, last first. What holds value aside ends by its resolution, never by this. */
export function reversalRequest(
  { key, keyDay, actor, forced, facts }: ReverseInput,
  posting: PostingRow,
  legs: readonly TransferRow[],
  isLimited: IsLimited,
): DoorRequest {
  if (isHold(posting) || key.startsWith(RESOLVES) || legs.some((leg) => leg.credit.startsWith(HELD)))
    throw new Poison('a hold is ended by its resolution');
  const transfers = [...legs].reverse().map(({ debit, credit, amount, kind }) => ({
    ...{ debit: credit, credit: debit, amount, kind },
    ...{ refersTo: key, forced: forced ?? false },
  }));
  return postingRequest(
    {
      key: reversalKey(key),
      keyDay,
      actor,
      input: { posting: key, ...(forced ? { forced: 'true' } : {}) },
      transfers,
      currency: legs[0]?.currency ?? CURRENCY,
      ...(facts ? { facts } : {}),
    },
    isLimited,
  );
}
