import { createHash } from 'node:crypto';
import { BRIEF_COLUMNS, LOOKUP_COLUMNS, packBrief, packFound, unpackBrief, unpackFound } from './packed-lookups';
import { ANSWER_COLUMNS, packAnswers, packCredits, POST_COLUMNS, unpackAnswers, unpackCredits } from './packed-topups';

/**
 * The messages that come by the thousand travel as one flat list of values in place of objects: names written and looked up
 * for every value are more than half of what their JSON costs. Everything else is JSON as it stands.
 */
export interface Packing {
  /** null: not of this form; it is sent as plain JSON. */
  pack(message: unknown): unknown[] | null;
  /** null: not what `pack` makes. */
  unpack(values: readonly unknown[]): object | null;
}

const ASKED = new Map<string, Packing>([
  ['topups.post', { pack: packCredits, unpack: unpackCredits }],
  ['numbers.lookup', { pack: packBrief, unpack: unpackBrief }],
]);
const ANSWERED = new Map<string, Packing>([
  ['topups.post', { pack: packAnswers, unpack: unpackAnswers }],
  ['numbers.lookup', { pack: packFound, unpack: unpackFound }],
]);

/** Two builds speak in frames only when this is the same for both: a value in another place would be another value. */
export const LAYOUT = createHash('sha256')
  .update(JSON.stringify(['frames 1', POST_COLUMNS, ANSWER_COLUMNS, BRIEF_COLUMNS, LOOKUP_COLUMNS]))
  .digest('hex')
  .slice(0, 16);

export interface Text {
  packed: boolean;
  text: string;
}

export const askedText = (pattern: string, message: unknown): Text => textOf(ASKED.get(pattern), message);
export const answeredText = (pattern: string, message: unknown): Text => textOf(ANSWERED.get(pattern), message);

function textOf(packing: Packing | undefined, message: unknown): Text {
  const values = packing?.pack(message);
  if (values) return { packed: true, text: JSON.stringify(values) };
  return { packed: false, text: JSON.stringify(message ?? null) };
}

/** @throws when it is no JSON, or not what this build packs */
export const askedMessage = (pattern: string, text: Text): unknown => messageOf(ASKED.get(pattern), text);
/** @throws like askedMessage */
export const answeredMessage = (pattern: string, text: Text): unknown => messageOf(ANSWERED.get(pattern), text);

function messageOf(packing: Packing | undefined, { packed, text }: Text): unknown {
  const message: unknown = JSON.parse(text);
  if (!packed) return message;
  const unpacked = Array.isArray(message) ? packing?.unpack(message) : null;
  if (!unpacked) throw new Error('a packed text of another form');
  return unpacked;
}
