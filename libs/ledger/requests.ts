import { Poison } from '@yidian/batching';
import { nameOf } from './answers';
import { canonicalText } from './canonical';
import type { DoorRequest, Effects } from './door';
import type { Plan } from './plan';
import {
  NO_LIMIT,
  type AccountOpening,
  type PostingInput,
  type StatusInput,
  type TransferInput,
  type VoidInput,
} from './posting';

/** What callers ask, in the door's own words. Checked against the tables' limits here, so that no batch fails for it. */
const MOST_TRANSFERS = 8;
/** Characters of up to four bytes in a column of 64 KiB. */
const MOST_INPUT = 16_000;
export const CURRENCY = 'CNY';
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NOTHING_OPENED: readonly AccountOpening[] = [];

export type IsLimited = (account: string) => boolean;

export function postingRequest(posting: PostingInput, isLimited: IsLimited, effects?: Effects): DoorRequest {
  return checked({
    name: nameOf(posting.keyDay, posting.key),
    key: posting.key,
    keyDay: posting.keyDay,
    actor: posting.actor,
    input: canonicalText(posting.input),
    transfers: posting.transfers,
    limited: posting.plan ? [...new Set(posting.plan.accounts)] : limitedIds(posting.transfers, isLimited),
    opens: posting.opens ?? NOTHING_OPENED,
    reject: posting.reject,
    notes: posting.notes,
    plan: posting.plan && watched(posting.plan, isLimited),
    currency: posting.currency ?? CURRENCY,
    facts: posting.facts,
    effects,
    dryRun: posting.dryRun ?? false,
    tried: false,
  });
}

/** No money moves: the account's condition changes, under its lock and in its place among the postings. */
export function statusRequest(given: StatusInput): DoorRequest {
  const { account, status, input, ...posting } = given;
  const effects: Effects = { status: { account, status } };
  const request = postingRequest(
    { ...posting, input: { ...input, account, status }, transfers: [] },
    () => true,
    effects,
  );
  fits('account', account, 80);
  return { ...request, limited: [account] };
}

export function tombstone({ key, keyDay, actor, facts }: VoidInput): DoorRequest {
  const nothing = { transfers: [], limited: [], opens: [], reject: undefined, notes: undefined, plan: undefined };
  const plain = { effects: undefined, dryRun: false, tried: false };
  return checked({
    name: nameOf(keyDay, key),
    key,
    keyDay,
    actor,
    input: undefined,
    facts,
    currency: CURRENCY,
    ...nothing,
    ...plain,
  });
}

export function limitedIds(transfers: readonly TransferInput[], isLimited: IsLimited): string[] {
  const ids: string[] = [];
  for (const { debit, credit } of transfers) {
    if (isLimited(debit) && !ids.includes(debit)) ids.push(debit);
    if (isLimited(credit) && !ids.includes(credit)) ids.push(credit);
  }
  return ids;
}

function checked(request: DoorRequest): DoorRequest {
  const { transfers, opens } = request;
  const posts =
    request.input !== undefined && request.reject === undefined && !request.plan && !request.effects?.status;
  if (transfers.length > MOST_TRANSFERS || (posts && transfers.length === 0))
    throw new Poison(`a posting has 1 to ${MOST_TRANSFERS} transfers`);
  fits('key', request.key, 80);
  fits('actor', request.actor, 64);
  if (!DAY.test(request.keyDay)) throw new Poison('keyDay must be YYYY-MM-DD');
  if (request.currency.length !== 3) throw new Poison('a currency has three letters');
  if ((request.input?.length ?? 0) > MOST_INPUT) throw new Poison('the input is too long');
  if (request.reject !== undefined) fits('reason', request.reject, 40);
  for (const leg of transfers) checkLeg(leg);
  for (const opening of opens) {
    fits('account', opening.id, 80);
    fits('account kind', opening.kind, 20);
    if (opening.floor < -NO_LIMIT || opening.ceiling > NO_LIMIT || opening.floor > opening.ceiling)
      throw new Poison('the limits of an account are out of range');
  }
  return request;
}

/** What a plan decides is held to the same limits; it may also decide that nothing has to move. */
function watched(plan: Plan, isLimited: IsLimited): Plan {
  const named = new Set(plan.accounts);
  return {
    ...plan,
    decide(balanceOf, desk) {
      const decision = plan.decide(balanceOf, desk);
      if (decision.transfers.length > MOST_TRANSFERS)
        throw new Poison(`a posting has at most ${MOST_TRANSFERS} transfers`);
      for (const leg of decision.transfers) checkLeg(leg);
      if (limitedIds(decision.transfers, isLimited).some((id) => !named.has(id)))
        throw new Poison('a plan moves an account that it has not named');
      return decision;
    },
  };
}

function checkLeg(leg: TransferInput): void {
  if (leg.amount <= 0n || leg.amount >= NO_LIMIT) throw new Poison('the amount of a transfer is out of range');
  if (leg.debit === leg.credit) throw new Poison('a transfer has two ends');
  fits('account', leg.debit, 80);
  fits('account', leg.credit, 80);
  fits('kind', leg.kind, 20);
  if (leg.refersTo !== undefined) fits('refersTo', leg.refersTo, 80);
  if (leg.onFloor !== undefined) fits('reason', leg.onFloor, 40);
  if (leg.onCeiling !== undefined) fits('reason', leg.onCeiling, 40);
}

function fits(what: string, text: string, most: number): void {
  if (text.length < 1 || text.length > most) throw new Poison(`${what} must have 1 to ${most} characters`);
}
