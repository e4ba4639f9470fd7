import { fromJson } from '@yidian/money';
import { z } from 'zod';

/** What an order of ours is: one effect at the province under one reference, which is never renewed. */
export type OrderKind = 'credit' | 'reversal' | 'cancel';

/**
 * What a province can have said about an order. Only `done` and `refused` end it. `not_sent`: surely nothing left us.
 * `unknown` is everything that is no word: no answer, a bad signature, another sum, a status nobody listed.
 */
export type Word =
  | { word: 'done'; amount: bigint; currency: string; theirId: string; date: string; balance: bigint | null }
  | { word: 'refused'; reason: string }
  | { word: 'pending' }
  | { word: 'not_found' }
  | { word: 'not_sent'; cause: string }
  | { word: 'unknown'; cause: string };

const wholeFen = z.number().int();
const orderAnswer = z.object({
  reference: z.string(),
  status: z.string(),
  reason: z.string().max(40).optional(),
  id: z
    .string()
    .regex(/^[\x21-\x7b\x7d\x7e]{1,64}$/)
    .optional(),
  amount: wholeFen.optional(),
  currency: z.string().optional(),
  date: z.iso.date().optional(),
  balance: wholeFen.optional(),
});

/** A province's statuses mean different things to an order and to its undoing. */
const MEANINGS: Readonly<Record<OrderKind, Readonly<Record<string, Word['word']>>>> = {
  credit: { credited: 'done', refused: 'refused', pending: 'pending', not_found: 'not_found' },
  // Cancelled: it was carried out before; its own undoing is another order.
  reversal: {
    reversed: 'done',
    cancelled: 'done',
    refused: 'refused',
    pending: 'pending',
    not_found: 'not_found',
  },
  // Still reversed: the cancellation has not come, or not yet.
  cancel: { cancelled: 'done', reversed: 'not_found', refused: 'refused', pending: 'pending' },
};

/** @throws Error when the bytes are no answer of this shape; the wrapper makes that `unknown` */
export function readOrder(kind: OrderKind, reference: string, body: Buffer): Word {
  const said = orderAnswer.parse(JSON.parse(body.toString('utf8')));
  if (said.reference !== reference) return { word: 'unknown', cause: 'another order was answered' };
  const meaning = Object.hasOwn(MEANINGS[kind], said.status) ? MEANINGS[kind][said.status] : undefined;
  switch (meaning) {
    case 'done':
      return done(said);
    case 'refused':
      return { word: 'refused', reason: said.reason ?? 'state_conflict' };
    case 'pending':
      return { word: 'pending' };
    case 'not_found':
      return { word: 'not_found' };
    case undefined:
    case 'not_sent':
    case 'unknown':
      return { word: 'unknown', cause: 'a status nobody listed' };
  }
}

function done({ amount, currency, id, date, balance }: z.output<typeof orderAnswer>): Word {
  if (amount === undefined || !currency || !id || !date)
    return { word: 'unknown', cause: 'a success that lacks its sum, its date or its number' };
  const balanceAfter = balance === undefined ? null : fromJson(balance);
  return { word: 'done', amount: fromJson(amount), currency, theirId: id, date, balance: balanceAfter };
}

const numberAnswer = z.object({
  number: z.string(),
  status: z.enum(['active', 'suspended', 'pre_closed', 'closed', 'unknown']),
  owner: z.string().max(40).optional(),
  balance: wholeFen.optional(),
  currency: z.string().optional(),
});

/** What a province says about a number of its own now. Null members: it did not say. */
export interface NumberWord {
  status: 'active' | 'suspended' | 'pre_closed' | 'closed' | 'unknown';
  owner: string | null;
  /** Minor units. */
  balance: bigint | null;
}

/** @throws Error when it is no answer about this number */
export function readNumber(msisdn: string, body: Buffer): NumberWord {
  const said = numberAnswer.parse(JSON.parse(body.toString('utf8')));
  if (said.number !== msisdn) throw new Error('another number was answered');
  const balance = said.balance !== undefined && said.currency === 'CNY' ? fromJson(said.balance) : null;
  return { status: said.status, owner: said.owner ?? null, balance };
}
