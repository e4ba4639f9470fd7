import type { NumberAnswer } from '@yidian/contracts';
import { itemsOf } from './packed-topups';

type Found = NonNullable<NumberAnswer['found']>;

/** A frame that asks only who holds its numbers is their list; any other is told by name. */
export const BRIEF_COLUMNS = ['msisdn'] as const;

export function packBrief(message: unknown): unknown[] | null {
  const items = itemsOf<{ msisdn: string; live?: boolean; brief?: boolean }>(message);
  if (!items) return null;
  const values: unknown[] = [];
  for (const { msisdn, live, brief } of items) {
    if (brief !== true || live !== undefined) return null;
    values.push(msisdn);
  }
  return values;
}

/** Nothing is checked: what comes out goes through the contract like any other request. */
export const unpackBrief = (values: readonly unknown[]): { items: unknown[] } => ({
  items: values.map((msisdn) => ({ msisdn, brief: true })),
});

/** Places of one answer; nobody found: all but the number and `rare` are null. `rare` holds what most answers do not have. */
export const LOOKUP_COLUMNS = [
  'msisdn',
  'subscriberId',
  'branch',
  'status',
  'plan',
  'owner',
  'ownerVersion',
  'balance',
  'amountDue',
  'min',
  'max',
  'step',
  'maintenance',
  'rare',
] as const;
const WIDTH = LOOKUP_COLUMNS.length;
type RareOfFound = Record<Exclude<keyof Found, (typeof LOOKUP_COLUMNS)[number] | 'accepts'>, unknown>;
/** Before the answers: the age of the queue, and the branches that they name by place. */
const HEAD = 2;

export function packFound(message: unknown): unknown[] | null {
  const items = itemsOf<NumberAnswer>(message);
  if (!items) return null;
  const branches: Found['branch'][] = [];
  const places = new Map<string, number>();
  const values: unknown[] = [(message as { queueAgeMs?: number }).queueAgeMs, branches];
  for (const { msisdn, found, portedOut } of items) {
    if (found) pushFound(values, msisdn, found, placeOf(found.branch, branches, places), portedOut);
    else values.push(msisdn, ...NOBODY, portedOut ? { portedOut } : null);
  }
  return values;
}

const NOBODY: null[] = Array<null>(WIDTH - 2).fill(null);

function pushFound(values: unknown[], msisdn: string, found: Found, branch: number, portedOut?: true): void {
  const { accepts, suspendReason, bonus, offers } = found;
  const more: RareOfFound = { suspendReason, bonus, offers };
  const plain = suspendReason === undefined && bonus === undefined && offers === undefined && portedOut === undefined;
  values.push(
    msisdn,
    found.subscriberId,
    branch,
    found.status,
    found.plan,
    found.owner,
    found.ownerVersion,
    found.balance,
    found.amountDue,
    accepts.min,
    accepts.max,
    accepts.step,
    found.maintenance,
    plain ? null : { found: more, portedOut },
  );
}

/** A branch is written once per frame, unless it is told differently. */
function placeOf(branch: Found['branch'], branches: Found['branch'][], places: Map<string, number>): number {
  const known = places.get(branch.code);
  const told = known === undefined ? undefined : branches[known];
  if (known !== undefined && told?.nameZh === branch.nameZh && told.nameEn === branch.nameEn) return known;
  places.set(branch.code, branches.length);
  return branches.push(branch) - 1;
}

export function unpackFound(values: readonly unknown[]): { items: unknown[]; queueAgeMs: unknown } | null {
  const branches = values[1];
  if (!Array.isArray(branches) || values.length % WIDTH !== HEAD) return null;
  const items: unknown[] = [];
  for (let at = HEAD; at < values.length; at += WIDTH) items.push(foundAt(values, at, branches));
  return { items, queueAgeMs: values[0] };
}

function foundAt(values: readonly unknown[], at: number, branches: readonly unknown[]): object {
  const msisdn = values[at];
  const rare = values[at + 13] as { found?: object; portedOut?: true } | null;
  if (values[at + 1] === null) return { msisdn, ...rare };
  const found = {
    subscriberId: values[at + 1],
    branch: branches[values[at + 2] as number],
    status: values[at + 3],
    plan: values[at + 4],
    owner: values[at + 5],
    ownerVersion: values[at + 6],
    balance: values[at + 7],
    amountDue: values[at + 8],
    accepts: { min: values[at + 9], max: values[at + 10], step: values[at + 11] },
    maintenance: values[at + 12],
  };
  if (rare === null) return { msisdn, found };
  const { found: more, ...beside } = rare;
  return { msisdn, found: { ...found, ...more }, ...beside };
}
