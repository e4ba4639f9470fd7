import type { TopupAnswer, TopupItem } from '@yidian/contracts';

/** Places of one credit; what is left out of it is null there. */
export const POST_COLUMNS = [
  'key',
  'subscriberId',
  'ownerVersion',
  'branch',
  'provider',
  'channel',
  'partner',
  'acquiringBranch',
  'face',
  'charged',
  'discounts',
  'currency',
  'providerTxnId',
  'businessDate',
  'ttlMs',
] as const satisfies readonly (keyof TopupItem)[];
const POST_WIDTH = POST_COLUMNS.length;

export function packCredits(message: unknown): unknown[] | null {
  const items = itemsOf<TopupItem>(message);
  if (!items) return null;
  const values: unknown[] = [];
  for (const item of items) {
    values.push(
      item.key,
      item.subscriberId,
      item.ownerVersion,
      item.branch,
      item.provider,
      item.channel,
      item.partner,
      item.acquiringBranch,
      item.face,
      item.charged,
      item.discounts,
      item.currency,
      item.providerTxnId,
      item.businessDate,
      item.ttlMs,
    );
  }
  return values;
}

/** A request whose items have the members of their columns and no others; of what value they are nobody has looked yet. */
export class Unpacked {
  constructor(readonly items: unknown[]) {}
}

/** Nothing is checked but the width: what comes out goes through the contract like any other request. */
export function unpackCredits(values: readonly unknown[]): Unpacked | null {
  if (values.length % POST_WIDTH !== 0) return null;
  const items: unknown[] = [];
  for (let at = 0; at < values.length; at += POST_WIDTH) items.push(creditAt(values, at));
  return new Unpacked(items);
}

/** With all members at once: objects that grow cost a hidden class each. Only the two optional ones may be missing. */
function creditAt(values: readonly unknown[], at: number): object {
  const discounts = values[at + 10];
  const item = {
    key: values[at],
    subscriberId: values[at + 1],
    ownerVersion: values[at + 2] ?? undefined,
    branch: values[at + 3],
    provider: values[at + 4],
    channel: values[at + 5],
    partner: values[at + 6],
    acquiringBranch: values[at + 7],
    face: values[at + 8],
    charged: values[at + 9],
    currency: values[at + 11],
    providerTxnId: values[at + 12],
    businessDate: values[at + 13],
    ttlMs: values[at + 14],
  };
  return discounts === null ? item : { ...item, discounts };
}

/** Places of one answer; `rare` is null or holds, by name, what most answers do not have. */
export const ANSWER_COLUMNS = ['key', 'outcome', 'replay', 'balanceAfter', 'at', 'rare'] as const;
const ANSWER_WIDTH = ANSWER_COLUMNS.length;
type RareOfAnswer = Record<Exclude<keyof TopupAnswer, (typeof ANSWER_COLUMNS)[number]>, unknown>;

/** One value for the frame comes first: the age of the queue. */
export function packAnswers(message: unknown): unknown[] | null {
  const items = itemsOf<TopupAnswer>(message);
  if (!items) return null;
  const values: unknown[] = [(message as { queueAgeMs?: number }).queueAgeMs];
  for (const item of items) {
    const { reason, bonus, bonusBearer } = item;
    const plain = reason === undefined && bonus === undefined && bonusBearer === undefined;
    const rare: RareOfAnswer | null = plain ? null : { reason, bonus, bonusBearer };
    values.push(item.key, item.outcome, item.replay, item.balanceAfter, item.at, rare);
  }
  return values;
}

export function unpackAnswers(values: readonly unknown[]): { items: unknown[]; queueAgeMs: unknown } | null {
  if (values.length % ANSWER_WIDTH !== 1) return null;
  const items: unknown[] = [];
  for (let at = 1; at < values.length; at += ANSWER_WIDTH) items.push(answerAt(values, at));
  return { items, queueAgeMs: values[0] };
}

function answerAt(values: readonly unknown[], at: number): object {
  const key = values[at];
  const outcome = values[at + 1];
  const replay = values[at + 2];
  const balanceAfter = values[at + 3];
  const when = values[at + 4];
  const rare = values[at + 5];
  if (balanceAfter !== null && when !== null && rare === null) return { key, outcome, replay, balanceAfter, at: when };
  return {
    key,
    outcome,
    replay,
    ...(balanceAfter === null ? {} : { balanceAfter }),
    ...(when === null ? {} : { at: when }),
    ...(rare as object | null),
  };
}

/** The list of a message that has one. */
export function itemsOf<I>(message: unknown): readonly I[] | null {
  if (typeof message !== 'object' || message === null || !('items' in message)) return null;
  return Array.isArray(message.items) ? (message.items as I[]) : null;
}
