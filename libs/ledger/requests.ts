import { Poison } from '@yidian/batching';
import { canonicalText, fieldsOf } from './canonical';
import { nameOf, type DoorRequest } from './door';
import type { PostingRow, TransferRow } from './ledger.store';
import type { Plan } from './plan';
import {
  NO_LIMIT,
  type HoldInput,
  type Notes,
  type PostingInput,
  type ResolveInput,
  type TransferInput,
  type VoidInput,
} from './posting';

/** What callers ask, in the door's own words. Checked against the tables' limits here, so that no batch fails for it. */
const MOST_TRANSFERS = 8;
const CURRENCY = 'CNY';
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export type IsLimited = (account: string) => boolean;

export function postingRequest(posting: PostingInput, isLimited: IsLimited): DoorRequest {
  return checked({
    name: nameOf(posting.keyDay, posting.key),
    key: posting.key,
    keyDay: posting.keyDay,
    actor: posting.actor,
    input: canonicalText(posting.input),
    transfers: posting.transfers,
    limited: posting.plan ? [...new Set(posting.plan.accounts)] : limitedIds(posting.transfers, isLimited),
    opens: posting.opens ?? [],
    reject: posting.reject,
    notes: posting.notes,
    plan: posting.plan && watched(posting.plan, isLimited),
    currency: posting.currency ?? CURRENCY,
    facts: posting.facts,
  });
}

export function tombstone({ key, keyDay, actor, facts }: VoidInput): DoorRequest {
  const nothing = { transfers: [], limited: [], opens: [], reject: undefined, notes: undefined, plan: undefined };
  return checked({
    name: nameOf(keyDay, key),
    key,
    keyDay,
    actor,
    input: undefined,
    facts,
    currency: CURRENCY,
    ...nothing,
  });
}

const HELD = 'held/';

/** Where held value waits; it has left the subscriber's account, so nothing else can spend it. */
export const heldAccount = (credit: string): string => `${HELD}${credit}`;

const TAKE = '~take';
/** What such a hold took is not in its promise: it is read back from its transfers. */
const PLANNED = '~planned';
const GUARDS = '~guards';
const HELD_CURRENCY = '~currency';

/** What the resolution will need is part of the hold's own input: it is read back from there, and compared on replay. */
export function holdRequest(hold: HoldInput, isLimited: IsLimited): DoorRequest {
  if (hold.plan) return plannedHold(hold, hold.plan, isLimited);
  if (!hold.take) throw new Poison('a hold takes something');
  const take: TransferInput = { ...hold.take, credit: heldAccount(hold.take.credit), forced: false };
  const guards = hold.guards ?? [];
  const memory = {
    [TAKE]: legText(hold.take),
    [GUARDS]: JSON.stringify(guards.map(legText)),
    [HELD_CURRENCY]: hold.currency ?? CURRENCY,
  };
  return postingRequest({ ...hold, input: { ...hold.input, ...memory }, transfers: [take, ...guards] }, isLimited);
}

function plannedHold(hold: HoldInput, plan: Plan, isLimited: IsLimited): DoorRequest {
  const input = { ...hold.input, [PLANNED]: '1', [HELD_CURRENCY]: hold.currency ?? CURRENCY };
  const decide: Plan['decide'] = (balanceOf, desk) => {
    const decision = plan.decide(balanceOf, desk);
    const transfers = decision.transfers.map((leg) => (leg.aside ? { ...leg, credit: heldAccount(leg.credit) } : leg));
    return { ...decision, transfers };
  };
  return postingRequest({ ...hold, input, transfers: [], plan: { ...plan, decide } }, isLimited);
}

/** The key is derived from the hold's: at most one resolution, by the key's uniqueness, without touching the hold. */
export const resolutionKey = (holdKey: string): string => `resolve:${holdKey}`;

/** Post moves held value on; void moves it back and undoes the guards, which no limit may prevent. */
export function resolutionRequest(resolution: ResolveInput, hold: StandingHold, isLimited: IsLimited): DoorRequest {
  const { key, keyDay, action, actor, facts, rides, accepted } = resolution;
  const { takes, guards } = legsOf(hold);
  const done = takes.map((leg) => ({ ...leg, debit: heldAccount(leg.credit), refersTo: key }));
  const undone = [
    ...done.map((leg, index) => ({ ...leg, credit: takes[index]?.debit ?? '', forced: true })),
    ...guards.map((leg) => ({ ...leg, debit: leg.credit, credit: leg.debit, refersTo: key, forced: true })),
  ];
  const transfers: TransferInput[] = action === 'post' ? done : undone;
  const plan: Plan | undefined = rides && {
    accounts: limitedIds(transfers, isLimited),
    rides,
    decide: (balanceOf, desk) => ({ transfers, accepted: () => accepted?.(desk, balanceOf, hold.notes) }),
  };
  return postingRequest(
    {
      key: resolutionKey(key),
      keyDay,
      actor,
      input: { hold: key, action },
      ...(plan ? { transfers: [], plan } : { transfers }),
      currency: fieldsOf(hold.input).get(HELD_CURRENCY) ?? CURRENCY,
      ...(facts ? { facts } : {}),
    },
    isLimited,
  );
}

/** A stored hold, as far as its resolution needs it. */
export interface StandingHold {
  input: string;
  notes: Notes;
  /** Only read for holds with a plan. */
  transfers: readonly TransferRow[];
}

function legsOf({ input, transfers }: StandingHold): { takes: TransferInput[]; guards: TransferInput[] } {
  if (!isPlanned(input)) {
    const fields = fieldsOf(input);
    const guards = (JSON.parse(fields.get(GUARDS) ?? '[]') as string[]).map(legOf);
    return { takes: [legOf(fields.get(TAKE) ?? '')], guards };
  }
  const legs = transfers.map(({ debit, credit, amount, kind }) => ({ debit, credit, amount, kind }));
  const isTake = (leg: TransferInput) => leg.credit.startsWith(HELD);
  return {
    takes: legs.filter(isTake).map((leg) => ({ ...leg, credit: leg.credit.slice(HELD.length) })),
    guards: legs.filter((leg) => !isTake(leg)),
  };
}

export const isPlanned = (input: string): boolean => fieldsOf(input).has(PLANNED);

export const isHold = ({ outcome, input }: PostingRow): boolean =>
  outcome === 'posted' && (fieldsOf(input).has(TAKE) || isPlanned(input));

function limitedIds(transfers: readonly TransferInput[], isLimited: IsLimited): string[] {
  const ids: string[] = [];
  for (const { debit, credit } of transfers) {
    if (isLimited(debit) && !ids.includes(debit)) ids.push(debit);
    if (isLimited(credit) && !ids.includes(credit)) ids.push(credit);
  }
  return ids;
}

const legText = (leg: TransferInput): string => JSON.stringify([leg.debit, leg.credit, String(leg.amount), leg.kind]);

function legOf(text: string): TransferInput {
  const [debit, credit, amount, kind] = JSON.parse(text) as [string, string, string, string];
  return { debit, credit, amount: BigInt(amount), kind };
}

function checked(request: DoorRequest): DoorRequest {
  const { transfers, opens } = request;
  const posts = request.input !== undefined && request.reject === undefined && !request.plan;
  if (transfers.length > MOST_TRANSFERS || (posts && transfers.length === 0))
    throw new Poison(`a posting has 1 to ${MOST_TRANSFERS} transfers`);
  fits('key', request.key, 80);
  fits('actor', request.actor, 64);
  if (!DAY.test(request.keyDay)) throw new Poison('keyDay must be YYYY-MM-DD');
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
}

function fits(what: string, text: string, most: number): void {
  if (text.length < 1 || text.length > most) throw new Poison(`${what} must have 1 to ${most} characters`);
}
