import { Poison } from '@yidian/batching';
import { fieldsOf } from './canonical';
import type { DoorRequest, Effects } from './door';
import type { PostingRow, TransferRow } from './ledger.store';
import type { Plan } from './plan';
import type { HoldInput, Notes, ResolveInput, TransferInput } from './posting';
import { CURRENCY, limitedIds, postingRequest, type IsLimited } from './requests';

export const HELD = 'held/';

/** Where held value waits; it has left the subscriber's account, so nothing else can spend it. */
export const heldAccount = (credit: string): string => `${HELD}${credit}`;

const TAKE = '~take';
/** What such a hold took is not in its promise: it is read back from its transfers. */
const PLANNED = '~planned';
const GUARDS = '~guards';
const HELD_CURRENCY = '~currency';
const EXPIRES = '~expiresAt';

/** What the resolution will need is part of the hold's own input: it is read back from there, and compared on replay. */
export function holdRequest(hold: HoldInput, isLimited: IsLimited): DoorRequest {
  if (hold.plan) return plannedHold(hold, hold.plan, isLimited);
  if (!hold.take) throw new Poison('a hold takes something');
  const take: TransferInput = { ...hold.take, credit: heldAccount(hold.take.credit), forced: false };
  const guards = hold.guards ?? [];
  const memory = {
    [TAKE]: legText(hold.take),
    [GUARDS]: JSON.stringify(guards.map(legText)),
    ...termsOf(hold),
  };
  const posting = { ...hold, input: { ...hold.input, ...memory }, transfers: [take, ...guards] };
  return postingRequest(posting, isLimited, effectsOf(hold));
}

const termsOf = ({ currency, expiresAt }: HoldInput): Record<string, string> => ({
  [HELD_CURRENCY]: currency ?? CURRENCY,
  ...(expiresAt ? { [EXPIRES]: expiresAt.toISOString() } : {}),
});

const effectsOf = ({ expiresAt }: HoldInput): Effects | undefined => (expiresAt ? { due: expiresAt } : undefined);

/** When a stored hold may be expired. */
export function expiryOf(input: string): Date | undefined {
  const text = fieldsOf(input).get(EXPIRES);
  return text === undefined ? undefined : new Date(text);
}

function plannedHold(hold: HoldInput, plan: Plan, isLimited: IsLimited): DoorRequest {
  const input = { ...hold.input, [PLANNED]: '1', ...termsOf(hold) };
  const decide: Plan['decide'] = (balanceOf, desk) => {
    const decision = plan.decide(balanceOf, desk);
    const transfers = decision.transfers.map((leg) => (leg.aside ? { ...leg, credit: heldAccount(leg.credit) } : leg));
    return { ...decision, transfers };
  };
  return postingRequest({ ...hold, input, transfers: [], plan: { ...plan, decide } }, isLimited, effectsOf(hold));
}

/** The key is derived from the hold's: at most one resolution, by the key's uniqueness, without touching the hold. */
export const resolutionKey = (holdKey: string): string => `${RESOLVES}${holdKey}`;
export const RESOLVES = 'resolve:';

/** Post moves held value on; void and expire move it back and undo the guards, which no limit may prevent. */
export function resolutionRequest(resolution: ResolveInput, hold: StandingHold, isLimited: IsLimited): DoorRequest {
  const { key, keyDay, action, amount, actor, facts, rides, accepted } = resolution;
  const transfers = resolutionLegs(resolution, legsOf(hold));
  const plan: Plan | undefined = rides && {
    accounts: limitedIds(transfers, isLimited),
    rides,
    decide: (balanceOf, desk) => ({ transfers, accepted: () => accepted?.(desk, balanceOf, hold.notes) }),
  };
  const due = expiryOf(hold.input);
  return postingRequest(
    {
      key: resolutionKey(key),
      keyDay,
      actor,
      input: { hold: key, action, ...(amount === undefined ? {} : { amount: String(amount) }) },
      ...(plan ? { transfers: [], plan } : { transfers }),
      currency: fieldsOf(hold.input).get(HELD_CURRENCY) ?? CURRENCY,
      ...(facts ? { facts } : {}),
    },
    isLimited,
    due ? { ended: { key, keyDay, expiresAt: due } } : undefined,
  );
}

interface HoldLegs {
  takes: TransferInput[];
  guards: TransferInput[];
}

function resolutionLegs({ key, action, amount }: ResolveInput, { takes, guards }: HoldLegs): TransferInput[] {
  // Forced: what was promised when the value was put aside may not fail now, the one key to end it would be spent.
  const done = takes.map((leg) => ({ ...leg, debit: heldAccount(leg.credit), refersTo: key, forced: true }));
  const back = (legs: readonly TransferInput[]): TransferInput[] => [
    ...done.map((leg, index) => ({ ...leg, credit: takes[index]?.debit ?? '' })),
    ...legs.map((leg) => ({ ...leg, debit: leg.credit, credit: leg.debit, refersTo: key, forced: true })),
  ];
  if (action !== 'post') return back(guards);
  const [take] = done;
  if (amount === undefined || amount === take?.amount) return done;
  if (!take || done.length > 1 || amount <= 0n || amount > take.amount) throw new Poison('so much is not held');
  if (guards.some((guard) => guard.amount !== take.amount)) throw new Poison('this hold ends as a whole');
  const rest = take.amount - amount;
  return [{ ...take, amount }, ...back(guards).map((leg) => ({ ...leg, amount: rest }))];
}

/** A stored hold, as far as its resolution needs it. */
export interface StandingHold {
  input: string;
  notes: Notes;
  /** Only read for holds with a plan. */
  transfers: readonly TransferRow[];
}

function legsOf({ input, transfers }: StandingHold): HoldLegs {
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

const legText = (leg: TransferInput): string => JSON.stringify([leg.debit, leg.credit, String(leg.amount), leg.kind]);

function legOf(text: string): TransferInput {
  const [debit, credit, amount, kind] = JSON.parse(text) as [string, string, string, string];
  return { debit, credit, amount: BigInt(amount), kind };
}
